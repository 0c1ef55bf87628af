// On the page of a room in which the viewer can no longer speak: shows the unsent
// text of the viewer until the viewer discards the text.
(() => {
  'use strict';

  const box = document.getElementById('unsent');
  if (!box) return;
  const { room } = box.dataset, { me } = document.body.dataset;
  const keys = [`unsent-${room}-${me}`, `draft-${room}-${me}`];

  // The page shows a text without the fences of code and without many blank lines.
  const bare = (text) => text.replace(/^\s*```.*$/gm, '').replace(/\s+/g, ' ').trim();
  const heard = new Set(Array.from(document.querySelectorAll(`.message[data-from="${me}"] .message-body`), (body) => bare(body.textContent)));

  const queue = JSON.parse(sessionStorage.getItem(keys[0]) ?? '[]').map((entry) => entry.content);
  const texts = [...queue, sessionStorage.getItem(keys[1])].filter((text) => text?.trim() && !heard.has(bare(text)));
  box.querySelector('.message-text').textContent = texts.join('\n');
  box.hidden = !texts.length;
  if (texts.length) {
    history.scrollRestoration = 'manual';
    box.scrollIntoView({ block: 'center' });
  }
  box.querySelector('button').addEventListener('click', () => {
    keys.forEach((key) => sessionStorage.removeItem(key));
    box.hidden = true;
  });
})();
