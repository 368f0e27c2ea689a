// Whether the page's fonts have arrived: pictures drawn with letters before that are drawn once more.

import { MONO, SANS, SERIF } from "./palette";

class Fonts {
  ready = $state(false);

  constructor() {
    const wanted = [SANS, MONO, SERIF].map((family) => document.fonts.load(`12px ${family}`));
    void Promise.allSettled(wanted).then(() => (this.ready = true));
  }
}

export const fonts = new Fonts();
