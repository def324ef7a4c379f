import { expect, test } from "vitest";
import { type ScatterPainter, ScatterStage } from "#lib/browser/scatter-painter.ts";

/** Two painters of which each point costs some milliseconds, a clock they turn, and what they were told. */
function openStage(cost: { readonly raster: number; readonly webgl2: number | null }) {
  let now = 0;
  let lose = (): void => undefined;
  const told: string[] = [];
  const painter = (kind: ScatterPainter["kind"], each: number): ScatterPainter => {
    let count = 0;
    return {
      kind,
      canvas: {} as HTMLCanvasElement,
      load: ({ x, order }) => {
        count = order ? order.length : x.length;
      },
      draw: () => {
        now += count * each;
        told.push(`${kind} draws ${count}`);
      },
      finish: () => undefined,
      close: () => told.push(`${kind} closes`)
    };
  };
  const stage = new ScatterStage(
    {
      raster: () => painter("raster", cost.raster),
      webgl2: (onLost) => {
        lose = onLost;
        return cost.webgl2 === null ? null : painter("webgl2", cost.webgl2);
      }
    },
    ({ kind }) => told.push(`${kind} shows`),
    () => now
  );
  const load = (n: number) =>
    stage.load({
      x: new Float32Array(n),
      y: new Float32Array(n),
      colours: new Uint32Array(n),
      order: null,
      sizes: null
    });
  const draw = () => stage.draw({ view: { x: 0, y: 0, scale: 1 }, size: { width: 9, height: 9 }, ratio: 1, radius: 1 });
  return { stage, told, load, draw, lose: () => lose() };
}
const million = 1_000_000;

test("the first picture is the processor's, and where the card is faster it draws the next", () => {
  const { stage, told, load, draw } = openStage({ raster: 2e-5, webgl2: 1e-6 });
  load(million);
  draw();
  expect(told).toEqual(["raster shows", `raster draws ${million}`]);
  stage.tryCard();
  expect(stage.kind).toBe("webgl2");
  draw();
  expect(told.slice(2)).toEqual([
    "webgl2 draws 20000",
    "webgl2 draws 20000",
    `webgl2 draws ${million}`,
    "webgl2 shows",
    `webgl2 draws ${million}`
  ]);
});

test("a card that is none is tried once, with few points, and given back", () => {
  const { stage, told, load, draw } = openStage({ raster: 2e-5, webgl2: 7e-4 });
  load(million);
  draw();
  stage.tryCard();
  expect([stage.kind, stage.wantsTrial, told.at(-1)]).toEqual(["raster", false, "webgl2 closes"]);
  draw();
  expect(told.at(-1)).toBe(`raster draws ${million}`);
});

test("without WebGL2, or where the processor is quick enough, nothing is tried", () => {
  const none = openStage({ raster: 2e-5, webgl2: null });
  none.load(million);
  none.draw();
  none.stage.tryCard();
  expect([none.stage.kind, none.stage.wantsTrial]).toEqual(["raster", false]);
  const quick = openStage({ raster: 2e-5, webgl2: 1e-9 });
  quick.load(4_000);
  quick.draw();
  expect(quick.stage.wantsTrial).toBe(false);
});

test("a card that is lost hands back at once, and is not asked again", () => {
  const { stage, told, load, draw, lose } = openStage({ raster: 2e-5, webgl2: 1e-6 });
  load(million);
  draw();
  stage.tryCard();
  told.length = 0;
  lose();
  expect(told).toEqual(["raster shows", `raster draws ${million}`]);
  lose();
  expect([stage.kind, stage.wantsTrial, told.length]).toEqual(["raster", false, 2]);
});

test("another map is another trial", () => {
  const { stage, load, draw } = openStage({ raster: 2e-5, webgl2: 7e-4 });
  load(million);
  draw();
  stage.tryCard();
  load(million + 1);
  draw();
  expect(stage.wantsTrial).toBe(true);
});
