// A press on the text or the empty parts of a post in a list opens the post, like the
// link of the time. Links, buttons, pictures and menus keep their own meaning, and a
// press that selects text, or ends a selection, opens nothing.
(() => {
  'use strict';

  const own = 'a, button, input, textarea, select, label, summary, form, img, video, .images, .menu, .latest, [contenteditable]';
  const still = 8; // px that a press may move
  let down = null; // the last pointerdown

  // Returns the path of the post that a press opens, or ''.
  function pathOf(target) {
    const card = target.closest?.('#timeline article.post[id^="post-"]');
    if (!card || card.matches('.gone, :has(.editor)') || target.closest(own)) return '';
    return `/posts/${card.id.slice('post-'.length)}`;
  }

  const selecting = () => getSelection()?.isCollapsed === false;

  const moved = (event) => Math.hypot(event.clientX - down.x, event.clientY - down.y) > still;

  function press(event) {
    const path = !event.defaultPrevented && pathOf(event.target);
    if (!path || !down || down.selecting || selecting() || moved(event)) return;
    if (event.altKey) return; // saves links, and does nothing elsewhere
    event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button === 1) window.open(path, '_blank', 'noopener');
    else location.assign(path);
  }

  document.addEventListener('pointerdown', (event) => {
    down = { x: event.clientX, y: event.clientY, selecting: selecting() };
  }, true);

  // The middle button would begin to scroll, which browsers do not do on links.
  document.addEventListener('mousedown', (event) => {
    if (event.button === 1 && pathOf(event.target)) event.preventDefault();
  });

  document.addEventListener('click', press);
  document.addEventListener('auxclick', (event) => { if (event.button === 1) press(event); });
})();
