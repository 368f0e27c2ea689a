// The figures' colours under the theme in force.
// Read once a theme, because asking the browser makes it compute styles; pictures that read it are drawn anew when it changes.
import { theme } from "../state/theme.svelte";
import { paletteOf, type Palette } from "./palette";

class Look {
  readonly palette: Palette = $derived.by(() => {
    void theme.resolved;
    return paletteOf(document.documentElement);
  });
}

export const look = new Look();
