// Checks that recorded drawings are well-formed SVG that says what the canvas would show.
import { describe, expect, it } from "vitest";
import { svgOf } from "../../src/lib/kit/picture";
import { fontParts, SvgSurface } from "../../src/lib/kit/svg";
import { LIGHT } from "./palette";

function recorded(draw: (surface: SvgSurface) => void): string {
  const surface = new SvgSurface(100, 50);
  draw(surface);
  return surface.toString();
}

describe("svg surface", () => {
  it("is a picture of its size, with a title for readers", () => {
    const svg = new SvgSurface(100, 50).toString('a < b & "c"');
    expect(svg).toContain('width="100" height="50" viewBox="0 0 100 50"');
    expect(svg).toContain("<title>a &lt; b &amp; &quot;c&quot;</title>");
  });

  it("records boxes with fill, stroke, dash and opacity", () => {
    const svg = recorded((s) => {
      s.fillStyle = "#123456";
      s.globalAlpha = 0.5;
      s.fillRect(1.234567, 2, 3, 4);
      s.globalAlpha = 1;
      s.strokeStyle = "#abcdef";
      s.lineWidth = 2;
      s.setLineDash([5, 4]);
      s.strokeRect(0, 0, 10, 10);
    });
    expect(svg).toContain('<rect x="1.23" y="2" width="3" height="4" fill="#123456" opacity="0.5"/>');
    expect(svg).toContain('fill="none" stroke="#abcdef" stroke-width="2" stroke-dasharray="5 4"/>');
  });

  it("records paths, and begins one where a line comes first", () => {
    expect(recorded((s) => (s.beginPath(), s.moveTo(0, 0), s.lineTo(5, 5), s.closePath(), s.stroke()))).toContain('d="M0 0L5 5Z"');
    expect(recorded((s) => (s.beginPath(), s.lineTo(5, 5), s.stroke()))).toContain('d="M5 5"');
  });

  it("draws a whole circle as two halves and a part as one", () => {
    expect(recorded((s) => (s.beginPath(), s.arc(10, 10, 4, 0, 2 * Math.PI), s.fill())).match(/A4 4/g)).toHaveLength(2);
    expect(recorded((s) => (s.beginPath(), s.arc(10, 10, 4, 0, Math.PI / 2), s.fill()))).toContain("M14 10A4 4 0 0 1 10 14");
  });

  it("places text by its baseline and anchor, and escapes it", () => {
    const svg = recorded((s) => {
      s.font = '600 12px "Some Sans", sans-serif';
      s.textAlign = "right";
      s.textBaseline = "middle";
      s.fillText("a<b", 10, 20);
    });
    expect(svg).toContain('x="10" y="24.2" font-family="&quot;Some Sans&quot;, sans-serif" font-size="12" font-weight="600" text-anchor="end"');
    expect(svg).toContain(">a&lt;b</text>");
  });

  it("moves and turns what follows until restored", () => {
    const svg = recorded((s) => {
      s.save();
      s.translate(10, 20);
      s.rotate(-Math.PI / 2);
      s.fillText("up", 0, 0);
      s.restore();
      s.fillRect(0, 0, 1, 1);
    });
    expect(svg).toContain('transform="matrix(0 -1 1 0 10 20)"');
    expect(svg).toMatch(/<rect x="0" y="0" width="1" height="1" fill="#000"\/>/);
  });

  it("closes its clips, also those left open", () => {
    const clip = (s: SvgSurface): void => (s.save(), s.beginPath(), s.rect(0, 0, 5, 5), s.clip(), s.fillRect(0, 0, 9, 9));
    for (const svg of [recorded((s) => (clip(s), s.restore())), recorded(clip)]) {
      expect(svg.match(/<g /g)).toHaveLength(1);
      expect(svg.match(/<\/g>/g)).toHaveLength(1);
    }
  });

  it("reads fonts as figures write them", () => {
    expect(fontParts('700 13px "A B", serif')).toEqual({ weight: 700, size: 13, family: '"A B", serif' });
    expect(fontParts("12px x")).toEqual({ weight: 400, size: 12, family: "x" });
  });
});

it("puts a figure on paper under its title", () => {
  const svg = svgOf("Loss", LIGHT, { width: 300, height: 100, draw: (s) => s.fillRect(0, 0, 1, 1) });
  expect(svg).toContain(`fill="${LIGHT.paper}"`);
  expect(svg).toContain(">Loss</text>");
  expect(svg).toContain('viewBox="0 0 332 162"');
  expect(svg).toContain('transform="matrix(1 0 0 1 16 46)"');
});
