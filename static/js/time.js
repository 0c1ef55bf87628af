// Keeps <time data-ago datetime="…"> true while the page stands open: from one
// minute to one day, in the words of the server (3분 전, 2시간 전). Younger and older
// times stay as the server wrote them, and so do all times while the server's clock is
// not known.
(() => {
  'use strict';

  const minute = 60, hour = 60 * minute, day = 24 * hour;
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang || undefined, { numeric: 'always', style: 'short' });

  function text(age) {
    return age < hour ? words.format(-Math.floor(age / minute), 'minute') : words.format(-Math.floor(age / hour), 'hour');
  }

  function refresh() {
    const now = serverClock.now();
    if (now === null) return;
    for (const elt of document.querySelectorAll('time[data-ago]')) {
      const age = (now - Date.parse(elt.dateTime)) / 1000;
      if (!(age >= minute && age < day)) continue;
      const ago = text(age);
      if (elt.textContent !== ago) elt.textContent = ago;
    }
  }

  function tick() {
    if (document.hidden) return;
    if (serverClock.now() === null && document.querySelector('time[data-ago]')) serverClock.ask();
    else refresh();
  }

  setInterval(tick, 30_000);
  document.addEventListener('visibilitychange', tick);
  document.addEventListener('clock:learnt', refresh);
  window.addEventListener('pageshow', refresh);
  htmx.onLoad(refresh);
})();
