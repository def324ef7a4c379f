import type { RasterPoints } from "#lib/map/raster.ts";
import type { ScatterFrame, ScatterPainter } from "./scatter-painter.ts";

const vertexText = `#version 300 es
in float px; in float py; in float factor; in vec4 colour;
uniform vec4 place; uniform float pointSize;
out vec4 ink;
void main() {
  gl_Position = vec4((px - place.x) * place.z, (py - place.y) * place.w, 0.0, 1.0);
  gl_PointSize = max(1.0, pointSize * factor);
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

/**
 * A painter by the graphics card.
 *
 * @param onLost  the browser took the card away
 * @returns null where there is no WebGL2, or its driver refuses the shaders
 */
export function openGlPainter(canvas: HTMLCanvasElement, onLost: () => void): ScatterPainter | null {
  const gl = canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true });
  const program = gl && buildProgram(gl);
  return gl && program ? new GlPainter(canvas, gl, program, onLost) : null;
}

class GlPainter implements ScatterPainter {
  readonly kind = "webgl2";
  readonly canvas: HTMLCanvasElement;
  readonly #gl: WebGL2RenderingContext;
  readonly #onLost: () => void;
  readonly #program: WebGLProgram;
  readonly #buffers: ReadonlyMap<"px" | "py" | "colour" | "factor" | "order", WebGLBuffer>;
  #count = 0;
  #isOrdered = false;

  constructor(canvas: HTMLCanvasElement, gl: WebGL2RenderingContext, program: WebGLProgram, onLost: () => void) {
    this.canvas = canvas;
    this.#gl = gl;
    this.#onLost = onLost;
    this.#program = program;
    const names = ["px", "py", "colour", "factor", "order"] as const;
    this.#buffers = new Map(names.map((name) => [name, gl.createBuffer()]));
    canvas.addEventListener("webglcontextlost", onLost);
  }

  load({ x, y, colours, order, sizes }: RasterPoints): void {
    const gl = this.#gl;
    this.#fill("px", x, 1, gl.FLOAT);
    this.#fill("py", y, 1, gl.FLOAT);
    this.#fill("colour", new Uint8Array(colours.buffer, colours.byteOffset, colours.byteLength), 4, gl.UNSIGNED_BYTE);
    const factor = gl.getAttribLocation(this.#program, "factor");
    if (sizes) this.#fill("factor", sizes, 1, gl.FLOAT);
    else {
      gl.disableVertexAttribArray(factor);
      gl.vertexAttrib1f(factor, 1);
    }
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#buffers.get("order") ?? null);
    if (order) gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, order, gl.STATIC_DRAW);
    this.#isOrdered = order !== null;
    this.#count = order ? order.length : x.length;
  }

  draw({ view, size, ratio, radius }: ScatterFrame): void {
    const gl = this.#gl;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    // biome-ignore lint/correctness/useHookAtTopLevel: a method of the graphics context, no hook
    gl.useProgram(this.#program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    const at = (name: string) => gl.getUniformLocation(this.#program, name);
    gl.uniform4f(at("place"), view.x, view.y, (2 * view.scale) / size.width, (2 * view.scale) / size.height);
    gl.uniform1f(at("pointSize"), 2 * radius * ratio);
    if (this.#isOrdered) gl.drawElements(gl.POINTS, this.#count, gl.UNSIGNED_INT, 0);
    else gl.drawArrays(gl.POINTS, 0, this.#count);
  }

  finish(): void {
    // gl.finish only promises to; reading a pixel has to wait.
    this.#gl.readPixels(0, 0, 1, 1, this.#gl.RGBA, this.#gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  close(): void {
    this.canvas.removeEventListener("webglcontextlost", this.#onLost);
    for (const buffer of this.#buffers.values()) this.#gl.deleteBuffer(buffer);
    this.#gl.deleteProgram(this.#program);
    // Browsers allow few contexts; this one is given back now rather than when the page is tidied.
    this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  #fill(name: "px" | "py" | "colour" | "factor", data: Float32Array | Uint8Array, width: number, type: number): void {
    const gl = this.#gl;
    const place = gl.getAttribLocation(this.#program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers.get(name) ?? null);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, width, type, type === gl.UNSIGNED_BYTE, 0, 0);
  }
}

function buildProgram(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [type, text] of [
    [gl.VERTEX_SHADER, vertexText],
    [gl.FRAGMENT_SHADER, fragmentText]
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) return null;
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}
