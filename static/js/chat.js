// The socket of a room. Messages stand in the order of their seq, each once; unsent
// messages stand below. After every gap the page fetches the missed messages before
// the page shows newer messages or counts as connected.
(() => {
  'use strict';

  const socket = document.getElementById('socket');
  if (!socket) return;
  const list = document.getElementById('messages');
  const bar = document.getElementById('reconnect');
  const room = `/rooms/${document.getElementById('chat').dataset.room}`;
  const patience = 8000; // ms to wait for an answer
  const grace = 1500;    // ms without a socket before the page says so
  const goodbye = 2000;  // ms to read why the room closed
  const spread = 1500;   // ms over which pages spread their requests

  let up = false; // connected
  let leaving = false, asking = null, timer = 0, revived = 0;
  let current = null; // WebSocket

  const say = (name) => document.dispatchEvent(new Event(name));
  const last = () => Number(list.querySelector(':nth-last-child(1 of [data-seq])')?.dataset.seq ?? 0);

  // reload() would send a form again if this page is the answer to a POST.
  const anew = () => location.replace(room);

  function over(wait = goodbye) {
    if (leaving) return;
    leaving = true;
    say('chat:over');
    setTimeout(anew, wait); // the new page says why
  }

  function warn() {
    timer ||= setTimeout(() => { bar.hidden = false; }, grace);
  }

  function down() {
    up = false;
    say('chat:down');
    warn();
  }

  function back() {
    clearTimeout(timer);
    timer = 0;
    bar.hidden = true;
    up = true;
    say('chat:open');
  }

  // Fetches the messages after the last line, repeatedly while an answer is cut
  // short (X-More). The answers also bring participants, changes of the mentor and
  // deletions. Reports whether all requests succeeded. The loop ends at the first
  // complete answer, because the socket brings later messages: otherwise a busy room
  // would keep the loop running.
  async function ask() {
    try {
      for (let from = -1, more = true; more && from < last();) {
        from = last();
        const answer = await fetch(`${room}/messages?after=${from}`, {
          headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }, signal: AbortSignal.timeout(patience),
        });
        serverClock.learn(answer.headers);
        if ([401, 403, 404, 409].includes(answer.status) || ['HX-Redirect', 'HX-Refresh'].some((name) => answer.headers.has(name))) over();
        if (!answer.ok || leaving) return false;
        await htmx.swap({ sourceElement: list, target: list, swap: 'beforeend', text: await answer.text(), transition: false });
        more = answer.headers.has('X-More');
      }
      return true;
    } catch {
      return false;
    }
  }

  function catchUp() {
    asking ??= ask().finally(() => { asking = null; });
    return asking;
  }

  // Reconnects at once; the present connection may be dead without an event.
  function revive() {
    if (leaving || Date.now() - revived < grace) return;
    revived = Date.now();
    htmx.process(socket, true);
  }

  // A message whose seq leaves a gap waits until the missing messages are fetched.
  // If the fetch fails, the message is dropped: a new connection brings it again.
  async function inPlace(seq, detail) {
    await asking;
    if (!(seq > last() + 1) || await catchUp()) return;
    detail.cancelled = true;
    revive();
  }

  function told(event) {
    if (event === 'lost') warn(); // the socket is open, but no messages arrive
    if (event === 'gap') setTimeout(async () => { await asking; if (await catchUp() && up) back(); }, Math.random() * spread);
    if (event === 'removed') over(0);
    if (event === 'left') over(); // the answer to the leave form of this page comes first
  }

  socket.addEventListener('htmx:ws:before:message:incoming', ({ detail }) => {
    const { data } = detail.message;
    if (data.startsWith('{')) told(JSON.parse(data).event);
    else detail.waitUntil(inPlace(Number(data.match(/data-seq="(\d+)"/)?.[1]), detail));
  });

  socket.addEventListener('htmx:ws:after:connection', async ({ detail: { connection: { socket: own } } }) => {
    current = own;
    await asking; // a request from before the connection may have missed a message
    while (!(await catchUp())) {
      await htmx.timeout(grace);
      if (leaving || own.readyState !== WebSocket.OPEN) return;
    }
    if (own.readyState === WebSocket.OPEN) back();
  });

  // Browsers hide why a handshake was refused; the status of a fetch tells the reason.
  socket.addEventListener('htmx:ws:close', ({ detail: { code, reason } }) => {
    const refused = !up && reason === 'closed';
    down();
    if (code === 1000) over();
    else if ([1002, 1007, 1009].includes(code)) setTimeout(revive, grace); // hx-ws does not reconnect after these codes
    else if (refused) catchUp();
  });

  document.addEventListener('htmx:before:swap', ({ detail: { tasks } }) => {
    const end = last();
    for (const task of tasks) {
      if (task.target !== list || task.swapSpec.style !== 'beforeend') continue;
      for (const line of task.fragment.querySelectorAll('[data-seq]')) {
        if (line.dataset.seq > end) continue;
        if (line.previousElementSibling?.matches('.day')) line.previousElementSibling.remove();
        line.remove();
      }
      const unsaid = list.querySelector('.pending, .failed');
      if (unsaid) Object.assign(task, { target: unsaid, swapSpec: { ...task.swapSpec, style: 'beforebegin' } });
    }
  }, true);

  document.addEventListener('chat:revive', revive);
  window.addEventListener('online', revive);
  window.addEventListener('offline', down);
  document.addEventListener('visibilitychange', () => { if (!document.hidden && !up) revive(); });
  // Closed by the page, the socket is no error in the browser's console.
  window.addEventListener('pagehide', () => { leaving = true; current?.close(1000); });
  window.addEventListener('pageshow', (event) => { if (event.persisted) anew(); });
  down();
})();
