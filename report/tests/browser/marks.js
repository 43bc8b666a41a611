// What a reader measures with a ruler: marks of a figure as numbers of the axes they lie between.

const box = (element) => {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return { element, left, right, top, bottom, x: (left + right) / 2, y: (top + bottom) / 2 };
};

// What is read of a text; what is shown on hover is no part of it.
const words = (text) =>
  [...text.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data).join("");
const numeral = (text) => {
  const number = Number(text.replace("−", "-").replaceAll(",", "").replace(" M", ""));
  return text.endsWith(" M") ? 1e6 * number : number;
};
const texts = (svg) => [...svg.querySelectorAll("text")].map((e) => ({ ...box(e), words: words(e) }));

// The straight line through the first and the last tick: from places to numbers.
const scale = (places, labels) => {
  if (places.length !== labels.length) throw new Error(`${places.length} ticks, ${labels.length} labels`);
  if (places.length < 2) return (place) => place;
  const numbers = labels.map(({ words }) => numeral(words));
  const slope = (numbers.at(-1) - numbers[0]) / (places.at(-1) - places[0]);
  return (place) => numbers[0] + (place - places[0]) * slope;
};

// The nearest of things by a distance.
const nearest = (things, distance) =>
  things.reduce((a, b) => (a && distance(a) <= distance(b) ? a : b), undefined);

// The points of a path of absolute places, in the window.
const points = (element) => {
  const matrix = element.getScreenCTM();
  const pairs = (element.getAttribute("d") ?? "").matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g);
  return [...pairs].map(([, x, y]) => new DOMPoint(Number(x), Number(y)).matrixTransform(matrix));
};

const title = (element) => element.querySelector("title")?.textContent ?? "";

// The panels of a figure: all between a horizontal axis and the next one above it.
function panels(name, marks) {
  const svg = document.querySelector(`#figure-${name} svg`);
  const all = texts(svg);
  const lines = [...svg.querySelectorAll("line")].map(box);
  const isAxis = (line) => line.element.classList.contains("ax") && line.right - line.left > 60;
  const axes = lines.filter(isAxis);
  const zoom = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  return axes.map((axis) => {
    const above = axes.filter((a) => a.y < axis.y - 1 && a.left < axis.right && a.right > axis.left);
    const top = Math.max(svg.getBoundingClientRect().top, ...above.map((a) => a.y + 18 * zoom));
    const across = (thing) => thing.x > axis.left - 2 && thing.x < axis.right + 2;
    const within = (thing) => thing.y > top && thing.y < axis.y + 2;
    const isNumber = (text) => /\d/.test(text.words) && !Number.isNaN(numeral(text.words));
    const below = (thing) => thing.y > axis.y && thing.y < axis.y + 24 * zoom;
    const ticks = lines.filter((line) => line.right - line.left < 2 && line.bottom - line.top < 8 * zoom && across(line) && Math.abs(line.top - axis.y) < 2);
    const x = scale(ticks.map(({ x }) => x), all.filter((t) => across(t) && below(t) && isNumber(t)));
    const beside = (text) => text.right < axis.left && text.right > axis.left - 16 * zoom;
    const upwards = all.filter((t) => beside(t) && isNumber(t) && within(t));
    const grid = lines.filter((line) => line.element.classList.contains("gr") && Math.abs(line.left - axis.left) < 2 && within(line));
    const y = upwards.length === grid.length ? scale(grid.map(({ y }) => y), upwards) : (place) => place;
    const heading = all.filter((t) => t.element.classList.contains("h") && within(t) && t.left < axis.right && t.right > axis.left - 110 * zoom);
    const rows = all.filter((t) => t.right < axis.left && within(t));
    const mark = (element) => {
      const place = box(element);
      return {
        classes: element.getAttribute("class"),
        x: x(place.x),
        left: x(place.left),
        right: x(place.right),
        y: y(place.y),
        row: nearest(rows, (t) => Math.abs(t.y - place.y))?.words ?? "",
        said: title(element),
        colour: getComputedStyle(element)[element.classList.contains("l") ? "stroke" : "fill"],
        points: points(element).map((p) => [x(p.x), y(p.y)]),
      };
    };
    const inside = (e) => { const place = box(e); return across(place) && within(place); };
    return {
      heading: nearest(heading, (t) => axis.y - t.y)?.words ?? "",
      marks: [...svg.querySelectorAll(marks)].filter(inside).map(mark),
    };
  });
}

// The cells of a figure that is a table of colours, each with the names of its row and its
// column: the nearest to its left, and the nearest that begins or stands above or below it.
function cells(name) {
  const svg = document.querySelector(`#figure-${name} svg`);
  const isCell = (e) => /(^| )[vun]\d+/.test(e.getAttribute("class")) && e.querySelector("title");
  const found = [...svg.querySelectorAll("rect")].filter(isCell).map(box);
  const left = Math.min(...found.map((cell) => cell.left));
  const all = texts(svg);
  const rows = all.filter((t) => t.right < left);
  return found.map((cell) => {
    const inside = all.find((t) => t.x > cell.left && t.x < cell.right && t.y > cell.top && t.y < cell.bottom);
    const slanted = all.filter((t) => t.element.hasAttribute("transform"));
    const level = all.filter((t) => t.x > left && t.top > cell.bottom - 1 && t.element.classList.contains("c") && t.words !== "");
    const column = slanted.length > 0
      ? nearest(slanted.filter((t) => t.bottom < cell.top + 1), (t) => 2 * Math.abs(t.left - cell.x) + cell.top - t.bottom)
      : nearest(level.filter((t) => t.y < cell.y + 300), (t) => 2 * Math.abs(t.x - cell.x) + t.y - cell.y);
    return {
      row: nearest(rows, (t) => Math.abs(t.y - cell.y)).words,
      column: column?.words ?? "",
      side: nearest(all.filter((t) => t.element.classList.contains("h") && t.y < cell.y), (t) => cell.y - t.y)?.words ?? "",
      shown: inside?.words ?? "",
      said: title(cell.element),
      colour: getComputedStyle(cell.element).fill,
    };
  });
}
