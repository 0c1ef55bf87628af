// The search inside a room. The results stand above the log, and the room goes on below.
// A result leads to its message in the log, and older messages are fetched until the
// message is there. The messages of the log show what was searched in <mark>.
(() => {
  'use strict';

  const panel = document.getElementById('found');
  const list = document.getElementById('messages');
  if (!panel || !list) return;
  const most = 100; // requests for older messages until a result leads to another page
  const pause = 100; // ms between looks at a request of another script
  let wanted = ''; // the searched text in lower case, or '': no search

  function mark(text) {
    for (let at; (at = text.data.toLowerCase().indexOf(wanted)) >= 0 && at + wanted.length <= text.length;) {
      const hit = text.splitText(at);
      text = hit.splitText(wanted.length);
      const box = document.createElement('mark');
      hit.replaceWith(box);
      box.append(hit);
    }
  }

  function paint() {
    if (!wanted) return;
    for (const body of list.querySelectorAll('.message-body:not([data-marked], .gone)')) {
      body.dataset.marked = '';
      const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
      const texts = [];
      while (walker.nextNode()) texts.push(walker.currentNode);
      texts.forEach(mark);
    }
  }

  function wash() {
    list.querySelectorAll('.hit').forEach((line) => line.classList.remove('hit'));
    for (const body of list.querySelectorAll('[data-marked]')) {
      delete body.dataset.marked;
      body.querySelectorAll('mark').forEach((box) => box.replaceWith(...box.childNodes));
      body.normalize();
    }
  }

  function open() {
    wash();
    wanted = panel.querySelector('[name="q"]').value.toLowerCase();
    panel.hidden = false;
    panel.scrollTop = 0;
    panel.focus({ preventScroll: true });
    paint();
  }

  function close() {
    wanted = '';
    wash();
    panel.hidden = true;
    panel.replaceChildren();
    const area = document.getElementById('say');
    if (!matchMedia('(pointer: coarse)').matches) area.focus({ preventScroll: true });
  }

  // Returns the message of a result, or null if the log cannot reach the message.
  async function reach(seq) {
    for (let i = 0; i < most; i++) {
      const line = list.querySelector(`[data-seq="${seq}"]`);
      const older = list.querySelector('.older a');
      if (line || !older) return line;
      if (older.matches('.htmx-request')) {
        await htmx.timeout(pause);
      } else {
        const url = `${older.getAttribute('href')}&from=${seq}`;
        await htmx.ajax('GET', url, { source: older, target: older.parentElement, swap: 'outerHTML' });
        if (older.isConnected) return null;
      }
    }
    return null;
  }

  async function jump(hit) {
    const line = await reach(hit.dataset.hit);
    if (!line) { location.assign(hit.href); return; }
    list.querySelectorAll('.hit').forEach((other) => other.classList.remove('hit'));
    line.classList.add('hit');
    document.dispatchEvent(new CustomEvent('chat:read', { detail: line }));
    line.focus({ preventScroll: true });
  }

  panel.addEventListener('click', (event) => {
    if (event.target.closest('[data-close]')) close();
    const hit = event.target.closest('.hit');
    if (!hit || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    jump(hit);
  });

  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.isComposing) close();
  });

  document.addEventListener('submit', ({ target }) => target.closest('.menu:popover-open')?.hidePopover());
  document.addEventListener('htmx:after:settle', ({ target }) => { if (target === panel) open(); });
  document.addEventListener('htmx:after:swap', paint);
})();
