// The number of unread notices: in the title of a page that nobody looks at, and on the icon
// of the installed app. What is on the screen reads its notices.
(() => {
  'use strict';

  const count = () => document.getElementById('unread');
  if (!count()) return;

  const ask = (method, path, values) =>
    htmx.ajax(method, path, { source: count(), target: count(), swap: 'none', quiet: true, values });

  function show() {
    const number = count().textContent;
    const title = document.title.replace(/^\(\d+\+?\) /, '');
    document.title = document.hidden && number ? `(${number}) ${title}` : title;
    navigator.setAppBadge?.(parseInt(number) || 0).catch(() => {});
  }

  // The number has changed: the inbox shows the new notice, and the comments on the page are
  // read.
  function changed() {
    show();
    if (document.hidden) return;
    const inbox = document.getElementById('notifications');
    const comments = document.querySelector('#comments[data-src]');
    if (inbox) {
      htmx.ajax('GET', location.pathname + location.search,
        { source: inbox, target: inbox, select: '#notifications', swap: 'outerMorph', quiet: true });
    } else if (comments && count().matches('[data-news], :not(:empty)')) {
      ask('POST', '/notifications/read', { post: comments.dataset.src.split('/')[2] });
    }
  }

  let version = count().dataset.version;
  new MutationObserver(() => {
    if (count().dataset.version === version) return;
    version = count().dataset.version;
    changed();
  }).observe(count().parentElement, { childList: true });

  document.addEventListener('visibilitychange', changed);
  document.getElementById('live')?.addEventListener('missed', () => ask('GET', '/notifications/unread'));
  document.addEventListener('chat:open', () => ask('GET', '/notifications/unread'));
  show();
})();
