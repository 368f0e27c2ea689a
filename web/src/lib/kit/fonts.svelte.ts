// Whether the page's fonts have arrived: pictures drawn with letters before that are drawn once more.

class Fonts {
  ready = $state(false);

  constructor() {
    void document.fonts.ready.then(() => (this.ready = true));
  }
}

export const fonts = new Fonts();
