// The outbox: messages that the room has not acknowledged. Each is a bubble at the
// end of the log and is kept in sessionStorage until the broadcast or a refusal
// arrives. chat.js says when the socket opens and closes.
(() => {
  'use strict';

  const wire = document.getElementById('wire');
  if (!wire) return;
  const list = document.getElementById('messages');
  const area = document.getElementById('say');
  const refusals = document.getElementById('refusals');
  const blank = document.getElementById('pending').content.firstElementChild;
  const { me } = document.body.dataset;
  const key = `unsent-${document.getElementById('chat').dataset.room}-${me}`;
  const patience = 10_000; // ms to wait for an answer
  const most = 60_000;     // bytes a frame may have

  let queue = JSON.parse(sessionStorage.getItem(key) ?? '[]'); // {client_id, content, failed, why, again}
  let open = false, over = false;
  let timer = 0, asked = false;

  const save = () => sessionStorage.setItem(key, JSON.stringify(queue));
  const waiting = () => queue.filter((entry) => !entry.failed);
  const find = (id) => queue.find((entry) => entry.client_id === id);
  const bubbleOf = ({ client_id: id }) => list.querySelector(`:is(.pending, .failed)[data-client-id="${id}"]`);

  // crypto.randomUUID does not exist on plain http addresses.
  const newID = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, '0')).join('');

  function fill(text) {
    area.value = text;
    area.dispatchEvent(new Event('input', { bubbles: true }));
    area.focus();
  }

  // Reports whether a message sent now continues the last bubble, by the rule of the
  // server.
  function continues() {
    const last = list.lastElementChild;
    if (last?.matches('.mine')) return true;
    return last?.dataset.from === me && Math.floor(Date.parse(last.querySelector('time').dateTime) / 60_000) === Math.floor((serverClock.now() ?? Date.now()) / 60_000);
  }

  function show(entry) {
    const bubble = blank.cloneNode(true);
    bubble.dataset.clientId = entry.client_id;
    bubble.querySelector('.message-body').textContent = entry.content;
    bubble.classList.toggle('cont', continues());
    list.append(bubble);
    if (entry.failed) mark(entry);
  }

  function mark(entry) {
    const bubble = bubbleOf(entry);
    bubble.classList.replace('pending', 'failed');
    if (entry.why) bubble.querySelector('.why').textContent = entry.why;
    bubble.querySelector('[data-again]').hidden = !entry.again;
    bubble.querySelector('.bad').hidden = false;
  }

  function fail(entry, why, again) {
    Object.assign(entry, { failed: true, why, again });
    mark(entry);
    save();
    watch();
  }

  // A single timer for all messages: the server answers them in order.
  function watch() {
    clearTimeout(timer);
    timer = open && waiting().length ? setTimeout(check, patience) : 0;
  }

  // No answer came. The first time, reconnect: the old socket may be dead without an
  // event, and a new connection shows what has arrived. The second time, give up.
  function check() {
    timer = 0;
    if (asked) waiting().forEach((entry) => fail(entry, '', true));
    else document.dispatchEvent(new Event('chat:revive'));
    asked = !asked;
  }

  function transmit(entry) {
    wire.elements.content.value = entry.content;
    wire.elements.client_id.value = entry.client_id;
    htmx.trigger(wire, 'say');
    if (!timer) watch();
  }

  function add(entry) {
    queue.push(entry);
    save();
    show(entry);
    document.dispatchEvent(new Event('chat:said'));
    if (open) transmit(entry);
  }

  function remove(entry) {
    queue = queue.filter((other) => other !== entry);
    save();
    bubbleOf(entry)?.remove();
  }

  function heard(id) {
    const entry = find(id);
    if (!entry) return;
    remove(entry);
    asked = false;
    watch();
  }

  area.form.addEventListener('submit', (event) => {
    const content = area.value.replace(/^(?:[^\S\n]*\n)+|\s+$/g, ''); // the first line may be indented
    if (new Blob([JSON.stringify(content)]).size > most) return; // submits the form; the server says why the text is refused
    event.preventDefault();
    if (!content || over) return;
    refusals.replaceChildren();
    fill('');
    add({ client_id: newID(), content });
  });

  list.addEventListener('click', ({ target }) => {
    const button = target.closest('.failed button');
    const entry = button && find(button.closest('.failed').dataset.clientId);
    if (!entry || over) return;
    remove(entry);
    if ('again' in button.dataset) {
      add({ client_id: entry.client_id, content: entry.content });
      area.focus();
    } else {
      fill([entry.content, area.value].filter(Boolean).join('\n'));
    }
  });

  // Looks at messages of the viewer and at refusals before the page shows them.
  document.addEventListener('htmx:before:swap', ({ detail: { tasks } }) => {
    for (const { target, fragment } of tasks) {
      if (target === list) fragment.querySelectorAll(`[data-from="${me}"][data-client-id]`).forEach((line) => heard(line.dataset.clientId));
      if (target !== refusals) continue;
      for (const refusal of fragment.querySelectorAll('[data-client-id]')) {
        const entry = find(refusal.dataset.clientId);
        refusal.remove();
        if (entry) fail(entry, refusal.textContent, 'retry' in refusal.dataset);
      }
    }
  }, true);

  document.addEventListener('chat:open', () => {
    open = true;
    waiting().forEach(transmit);
  });
  document.addEventListener('chat:down', () => {
    open = false;
    watch();
  });
  // The room is closed. Unsent messages fail now: sending them in a later visit would
  // surprise their author.
  document.addEventListener('chat:over', () => {
    over = true;
    waiting().forEach((entry) => fail(entry, '', true));
  });

  queue = queue.filter(({ client_id: id }) => !list.querySelector(`[data-client-id="${id}"]`));
  queue.forEach(show);
})();
