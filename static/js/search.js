// The box of the search. Arrow keys lead through the suggestions below the box, and Escape
// closes them. The device keeps the recent questions of the account.
(() => {
  'use strict';

  const list = document.getElementById('suggestions');
  if (!list) return;
  const box = document.getElementById('q');
  const { form } = box;
  const key = `searches ${document.body.dataset.me}`;
  const most = 8;

  const shut = () => list.replaceChildren();

  form.addEventListener('keydown', (event) => {
    const links = [...list.querySelectorAll('a')];
    if (!links.length || event.isComposing || event.keyCode === 229) return;
    const at = links.indexOf(document.activeElement);
    if (event.key === 'Escape') {
      box.focus();
      shut();
    } else if (event.key === 'ArrowDown') (links[at + 1] ?? box).focus();
    else if (event.key === 'ArrowUp') (at < 0 ? links.at(-1) : links[at - 1] ?? box).focus();
    else return;
    event.preventDefault();
  });

  // A press on a link must reach the link: some browsers give no focus to links.
  form.addEventListener('focusout', ({ relatedTarget }) => { if (relatedTarget && !form.contains(relatedTarget)) shut(); });
  document.addEventListener('pointerdown', ({ target }) => { if (!form.contains(target)) shut(); });

  // Storage may be full or turned off.
  function attempt(act) {
    try { return act(); } catch { return null; }
  }

  const kept = attempt(() => JSON.parse(localStorage.getItem(key))) ?? [];
  const { asked } = document.getElementById('results').dataset;
  if (asked) attempt(() => localStorage.setItem(key, JSON.stringify([asked, ...kept.filter((q) => q !== asked)].slice(0, most))));

  const recent = document.getElementById('recent');
  if (!recent || !kept.length) return;
  for (const question of kept) {
    const line = recent.querySelector('template').content.cloneNode(true);
    line.querySelector('a').href = `/search?q=${encodeURIComponent(question)}`;
    line.querySelector('bdi').textContent = question;
    recent.querySelector('ul').append(line);
  }
  recent.hidden = false;
  recent.querySelector('button').addEventListener('click', () => {
    attempt(() => localStorage.removeItem(key));
    recent.hidden = true;
    box.focus();
  });
})();
