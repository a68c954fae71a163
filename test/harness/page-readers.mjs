// Functions that the browser runs inside the page: each is sent as text, so it can use nothing outside itself.

/** Runs in the page: the box of the first occurrence of `text` in the editor's visible lines. */
export function findText(editor, text) {
  for (const line of editor.querySelectorAll('.view-lines > .view-line')) {
    const start = (line.textContent ?? '').replace(/\u00a0/g, ' ').indexOf(text);
    if (start < 0) continue;
    const range = document.createRange();
    let offset = 0;
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const length = node.data.length;
      if (start >= offset && start < offset + length) range.setStart(node, start - offset);
      if (start + text.length > offset && start + text.length <= offset + length)
        range.setEnd(node, start + text.length - offset);
      offset += length;
    }
    const { x, y, width, height } = range.getBoundingClientRect();
    return { x, y, width, height };
  }
  return undefined;
}

/** Runs in the page: the rows in view of the Problems panel, each a file, a problem or a related place. */
export function readProblemRows(panel) {
  return [...panel.querySelectorAll('.monaco-list-row')].map((row) => {
    const index = Number(row.dataset.index);
    const read = (selector) =>
      [...row.querySelectorAll(selector)].map((one) => one.textContent.replace(/\u00a0/g, ' ').trim()).join('\n');
    const icon = row.querySelector('.marker-icon');
    if (icon !== null) {
      const kind = ['error', 'warning', 'info'].find((one) => icon.classList.contains(one)) ?? 'hint';
      const texts = { message: read('.marker-message'), source: read('.marker-source'), code: read('.marker-code') };
      return { index, problem: { kind, ...texts, position: read('.marker-line') } };
    }
    const related = row.querySelector('.related-info-resource');
    if (related === null) return { index, file: read('.label-name') };
    return {
      index,
      related: `${read('.related-info-resource')} ${read('.marker-line')} ${read('.marker-description')}`,
    };
  });
}

/** Runs in the page: the squiggles with the text they lie under. */
export function readSquiggles(editor) {
  const lines = [...editor.querySelectorAll('.view-lines > .view-line')].map((line) => {
    const characters = [];
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      for (let index = 0; index < node.data.length; index++) {
        range.setStart(node, index);
        range.setEnd(node, index + 1);
        const box = range.getBoundingClientRect();
        characters.push({ character: node.data[index], middle: box.left + box.width / 2 });
      }
    }
    return { box: line.getBoundingClientRect(), characters };
  });
  lines.sort((a, b) => a.box.top - b.box.top);
  const numbers = [...editor.querySelectorAll('.margin-view-overlays .line-numbers')].map((one) => ({
    top: one.getBoundingClientRect().top,
    number: Number(one.textContent),
  }));
  const found = [];
  for (const element of editor.querySelectorAll('.view-overlays .cdr[class*="squiggly-"]')) {
    const kind = /squiggly-(error|warning|info|hint)/.exec(element.className)?.[1];
    const box = element.getBoundingClientRect();
    const line = lines.find((one) => box.top + 2 >= one.box.top && box.top + 2 < one.box.bottom);
    if (kind === undefined || line === undefined) continue;
    const under = line.characters.filter((one) => one.middle > box.left && one.middle < box.right);
    const number = numbers.find((one) => Math.abs(one.top - line.box.top) < 3)?.number;
    const text = under
      .map((one) => one.character)
      .join('')
      .replace(/\u00a0/g, ' ');
    found.push({ kind, text, line: number, top: box.top, left: box.left });
  }
  found.sort((a, b) => a.top - b.top || a.left - b.left);
  return found.map(({ kind, text, line }) => ({ kind, text, line }));
}
