// On the page of a room in which the viewer can no longer speak: shows the unsent
// text of the viewer until the viewer discards the text.
(() => {
  'use strict';

  const box = document.getElementById('unsent');
  if (!box) return;
  const { room } = box.dataset, { me } = document.body.dataset;
  const keys = [`unsent-${room}-${me}`, `draft-${room}-${me}`];
  const heard = new Set(Array.from(document.querySelectorAll(`.message[data-from="${me}"] .message-body`), (body) => body.textContent));

  const queue = JSON.parse(sessionStorage.getItem(keys[0]) ?? '[]').map((entry) => entry.content);
  const texts = [...queue, sessionStorage.getItem(keys[1])?.trim()].filter((text) => text && !heard.has(text));
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
