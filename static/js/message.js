// Messages under keys, mouse and thumb. All messages of a page are one stop of the Tab
// key, and arrow keys move between messages. The menu of a message opens by the button
// of the message, Enter, the menu key, or a tap on the bubble: a long press selects
// text, as everywhere.
(() => {
  'use strict';

  const list = document.getElementById('messages');
  const menu = document.getElementById('message-menu');
  if (!list || !menu) return;
  const log = list.closest('.log');
  const touch = matchMedia('(hover: none)');
  const unseen = `.avatar, .cont .name, [data-from="${document.body.dataset.me}"] .name`;

  let current = null;    // the message that the Tab key reaches, and the menu belongs to
  let dismissed = false; // the press closed the menu
  let held = false;      // the key that opened the menu is down

  const first = () => list.querySelector('[data-seq]');
  const last = () => list.querySelector(':nth-last-child(1 of [data-seq])');

  function beside(line, direction) {
    do line = line[direction]; while (line && !line.matches('[data-seq]'));
    return line;
  }

  // The Tab key reaches the current message and the links and folds inside that the eye
  // sees. Boxes of code scroll, and keep a stop of their own.
  function reach(line, on) {
    for (const elt of [line, ...line.querySelectorAll('a[href], summary')]) elt.tabIndex = on && !elt.matches(unseen) ? 0 : -1;
  }

  function choose(line) {
    if (!line || line === current) return;
    if (current) reach(current, false);
    current = line;
    reach(line, true);
  }

  function go(line) {
    choose(line);
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: 'nearest' });
  }

  // The menu returns the focus to the message when the menu closes.
  function fill(line) {
    const { href } = line.querySelector('.own');
    const remove = menu.querySelector('.own');
    remove.href = href;
    remove.setAttribute('hx-get', href);
    menu.querySelector('.theirs').href = line.querySelector('.theirs').href;
    menu.dataset.from = line.dataset.from;
    choose(line);
    line.focus({ preventScroll: true });
  }

  function open(line) {
    const button = line.querySelector('.act');
    if (!button || line.querySelector('.gone, .found')) return;
    button.click(); // the menu stands beside the button
    menu.querySelector('.nav-item').focus();
  }

  // Plain http addresses have no navigator.clipboard. If copying fails, the text stays
  // selected.
  async function copy(body) {
    let done = true;
    try {
      await navigator.clipboard.writeText(body.textContent);
    } catch {
      getSelection().selectAllChildren(body);
      done = document.execCommand('copy');
      if (done) getSelection().removeAllRanges();
    }
    if (done) document.dispatchEvent(new CustomEvent('toast:say', { detail: 'toast-copied' }));
  }

  const moves = {
    ArrowUp: (line) => beside(line, 'previousElementSibling'),
    ArrowDown: (line) => beside(line, 'nextElementSibling'),
    Home: first,
    End: last,
  };

  list.addEventListener('keydown', (event) => {
    const line = event.target.closest('[data-seq]');
    if (!line || event.ctrlKey || event.altKey || event.metaKey) return;
    held = event.key === 'Enter' && event.target === line;
    const to = !event.shiftKey && moves[event.key]?.(line);
    if (!held && !to) return;
    event.preventDefault();
    if (held) open(line);
    else go(to);
  });

  // The key that opens the menu must not press the first item, too.
  menu.addEventListener('keypress', (event) => { if (held) event.preventDefault(); });
  document.addEventListener('keyup', () => { held = false; });

  // The menu key asks for the menu of the element that has the focus.
  list.addEventListener('contextmenu', (event) => {
    if (event.button === 2 || event.target !== document.activeElement || !event.target.matches('.message')) return;
    event.preventDefault();
    open(event.target);
  });

  // A tap that closes the menu must not open the menu of the bubble below the thumb.
  document.addEventListener('pointerdown', ({ target }) => {
    dismissed = menu.matches(':popover-open') && !menu.contains(target);
  }, true);

  const tapped = ({ target, pointerType }) => (touch.matches || pointerType === 'touch')
    && target.closest('.message-body') && !target.closest('a') && getSelection().isCollapsed;

  list.addEventListener('click', (event) => {
    const line = event.target.closest('.message[data-seq]');
    if (!line) return;
    if (event.target.closest('.act')) fill(line);
    else if (tapped(event) && !dismissed) open(line);
  });

  menu.addEventListener('click', ({ target }) => {
    if (target.closest('[data-copy]')) copy(current.querySelector('.message-body'));
  });

  list.addEventListener('focusin', ({ target }) => choose(target.closest('[data-seq]')));

  // While the focus is elsewhere, the Tab key leads to the newest message of a room.
  new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) if (node.matches?.('[data-seq]') && node !== current) reach(node, false);
    }
    if (!current?.isConnected || (log && !list.contains(document.activeElement))) choose(last());
  }).observe(list, { childList: true });

  list.querySelectorAll('[data-seq]').forEach((line) => reach(line, false));
  choose(log ? last() : first());
  if (log && current) log.tabIndex = -1;
})();
