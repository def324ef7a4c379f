import { Fault } from "#lib/model/fault.ts";
import type { ScatterSize, ScatterView } from "./scatter-view.ts";

/** What is drawn. `colour` has an RGBA byte quadruple per point; larger points come later. */
export interface ScatterPoints {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly colours: Uint8Array;
}

/** Draws points on a canvas. */
export interface ScatterPainter {
  /** How: said on the page when the slower way is used. */
  readonly kind: "webgl2" | "canvas";
  load(points: ScatterPoints): void;
  /** @param ratio  device pixels per CSS pixel; @param radius  of a point in CSS pixels */
  draw(view: ScatterView, size: ScatterSize, ratio: number, radius: number): void;
  close(): void;
}

/** A painter by WebGL2, or by pixels where that is missing. @throws Fault `broken` when a canvas can neither */
export function openPainter(canvas: HTMLCanvasElement): ScatterPainter {
  const gl = canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true });
  if (gl) return new GlPainter(gl);
  const context = canvas.getContext("2d");
  if (context) return new PixelPainter(context);
  throw new Fault("broken", "this browser draws neither by WebGL2 nor by canvas", {
    hint: "The list of clusters beside the map has the same content."
  });
}

const vertexText = `#version 300 es
in float px; in float py; in vec4 colour;
uniform vec4 place; uniform float pointSize;
out vec4 ink;
void main() {
  gl_Position = vec4((px - place.x) * place.z, (py - place.y) * place.w, 0.0, 1.0);
  gl_PointSize = pointSize;
  ink = colour;
}`;
const fragmentText = `#version 300 es
precision mediump float;
in vec4 ink; out vec4 shown;
void main() {
  float away = length(gl_PointCoord - 0.5) * 2.0;
  float cover = 1.0 - smoothstep(0.75, 1.0, away);
  if (cover <= 0.0) discard;
  float alpha = ink.a * cover;
  shown = vec4(ink.rgb * alpha, alpha);
}`;

class GlPainter implements ScatterPainter {
  readonly kind = "webgl2";
  readonly #gl: WebGL2RenderingContext;
  readonly #program: WebGLProgram;
  readonly #buffers: readonly WebGLBuffer[];
  #count = 0;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#program = gl.createProgram();
    for (const [type, text] of [
      [gl.VERTEX_SHADER, vertexText],
      [gl.FRAGMENT_SHADER, fragmentText]
    ] as const) {
      const shader = gl.createShader(type);
      if (!shader) throw new Fault("broken", "the graphics context was lost", { hint: "Reload the page." });
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(this.#program, shader);
    }
    gl.linkProgram(this.#program);
    if (!gl.getProgramParameter(this.#program, gl.LINK_STATUS)) {
      throw new Fault("broken", "the graphics driver refused the map's shader", {
        detail: gl.getProgramInfoLog(this.#program) ?? ""
      });
    }
    this.#buffers = [gl.createBuffer(), gl.createBuffer(), gl.createBuffer()];
  }

  load({ x, y, colours }: ScatterPoints): void {
    const gl = this.#gl;
    this.#count = x.length;
    const fill = (at: number, name: string, data: Float32Array | Uint8Array, width: number, type: number) => {
      const place = gl.getAttribLocation(this.#program, name);
      gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers[at] ?? null);
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, width, type, type === gl.UNSIGNED_BYTE, 0, 0);
    };
    fill(0, "px", x, 1, gl.FLOAT);
    fill(1, "py", y, 1, gl.FLOAT);
    fill(2, "colour", colours, 4, gl.UNSIGNED_BYTE);
  }

  draw(view: ScatterView, size: ScatterSize, ratio: number, radius: number): void {
    const gl = this.#gl;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    // biome-ignore lint/correctness/useHookAtTopLevel: a method of the graphics context, no hook
    gl.useProgram(this.#program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    const at = (name: string) => gl.getUniformLocation(this.#program, name);
    gl.uniform4f(at("place"), view.x, view.y, (2 * view.scale) / size.width, (2 * view.scale) / size.height);
    gl.uniform1f(at("pointSize"), Math.max(1, 2 * radius * ratio));
    gl.drawArrays(gl.POINTS, 0, this.#count);
  }

  close(): void {
    for (const buffer of this.#buffers) this.#gl.deleteBuffer(buffer);
    this.#gl.deleteProgram(this.#program);
  }
}

class PixelPainter implements ScatterPainter {
  readonly kind = "canvas";
  readonly #context: CanvasRenderingContext2D;
  #points: ScatterPoints = { x: new Float32Array(), y: new Float32Array(), colours: new Uint8Array() };

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
  }

  load(points: ScatterPoints): void {
    this.#points = points;
  }

  draw(view: ScatterView, size: ScatterSize, ratio: number, radius: number): void {
    const { width, height } = this.#context.canvas;
    const image = this.#context.createImageData(width, height);
    paintPixels(image.data, width, height, this.#points, view, size, ratio, radius);
    this.#context.putImageData(image, 0, 0);
  }

  close(): void {
    this.#points = { x: new Float32Array(), y: new Float32Array(), colours: new Uint8Array() };
  }
}

/** Writes every point as a filled square of pixels into RGBA bytes of width x height. */
export function paintPixels(
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
  { x, y, colours }: ScatterPoints,
  view: ScatterView,
  size: ScatterSize,
  ratio: number,
  radius: number
): void {
  const reach = Math.max(0, Math.round(radius * ratio) - 1);
  for (let at = 0; at < x.length; at++) {
    const alpha = colours[at * 4 + 3] ?? 0;
    const left = Math.round((size.width / 2 + ((x[at] ?? 0) - view.x) * view.scale) * ratio);
    const top = Math.round((size.height / 2 - ((y[at] ?? 0) - view.y) * view.scale) * ratio);
    if (!(left >= 0 && top >= 0 && left < width && top < height)) continue;
    for (let row = Math.max(0, top - reach); row <= Math.min(height - 1, top + reach); row++) {
      for (let column = Math.max(0, left - reach); column <= Math.min(width - 1, left + reach); column++) {
        const to = (row * width + column) * 4;
        pixels[to] = colours[at * 4] ?? 0;
        pixels[to + 1] = colours[at * 4 + 1] ?? 0;
        pixels[to + 2] = colours[at * 4 + 2] ?? 0;
        pixels[to + 3] = Math.max(pixels[to + 3] ?? 0, alpha);
      }
    }
  }
}
