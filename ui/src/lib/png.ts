/** Pictures of charts, for slides and mails: the title above what is drawn, in the colours of the theme. */
import { color } from "./color";
import { saveFile } from "./file";

const SCALE = 2;
const EDGE = 24;
const HEAD = 56;
const ROW = 26;
const FONT = '"Inter Variable", "Noto Sans CJK SC", sans-serif';

type Draw = (context: CanvasRenderingContext2D) => void;

function save(name: string, title: string, width: number, height: number, draw: Draw): void {
  const canvas = document.createElement("canvas");
  canvas.width = (width + 2 * EDGE) * SCALE;
  canvas.height = (height + HEAD + EDGE) * SCALE;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(SCALE, SCALE);
  context.fillStyle = color("--surface");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = color("--ink");
  context.font = `600 16px ${FONT}`;
  context.fillText(title, EDGE, 34);
  context.translate(EDGE, HEAD);
  draw(context);
  canvas.toBlob((blob) => blob && saveFile(`${name}.png`, blob));
}

/** A chart that is drawn on a canvas already, with the names of its lines. */
export function saveChart(name: string, title: string, chart: HTMLCanvasElement, lines: [string, string][]): void {
  const width = chart.width / devicePixelRatio;
  const height = chart.height / devicePixelRatio;
  save(name, title, width, height + ROW, (context) => {
    context.drawImage(chart, 0, ROW, width, height);
    context.font = `13px ${FONT}`;
    let left = 0;
    for (const [label, stroke] of lines) {
      context.fillStyle = color(stroke);
      context.fillRect(left, 6, 16, 3);
      context.fillStyle = color("--muted");
      context.fillText(label, left + 22, 12);
      left += 42 + context.measureText(label).width;
    }
  });
}

/** Bars, one below the other, each with its name and its number. */
export function saveBars(name: string, title: string, bars: [label: string, value: number, shown: string][]): void {
  const most = Math.max(1, ...bars.map(([, value]) => value));
  save(name, title, 640, bars.length * ROW, (context) => {
    context.font = `13px ${FONT}`;
    bars.forEach(([label, value, shown], place) => {
      const top = place * ROW;
      context.fillStyle = color("--muted");
      context.fillText(label, 0, top + 15);
      const length = (value / most) * 400;
      context.fillStyle = color("--accent");
      context.fillRect(160, top + 4, length, 15);
      context.fillStyle = color("--ink");
      context.fillText(shown, 168 + length, top + 16);
    });
  });
}
