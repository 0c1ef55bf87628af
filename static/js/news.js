// The posts that a page has missed while the stream of live.js was down, and posts that
// are newer than the page.
(() => {
  'use strict';

  const live = document.getElementById('live');
  if (!live) return;

  const spread = 3000; // ms over which pages spread their requests
  const most = 100;    // posts in one request

  // Fetches the counts of the newest posts on the page; the answer swaps out of band.
  function askCounts() {
    const ids = [...document.querySelectorAll('article.post[id^="post-"]:not(.gone)')]
      .map((post) => Number(post.id.slice('post-'.length))).sort((a, b) => b - a).slice(0, most);
    if (!ids.length) return;
    const query = new URLSearchParams(ids.map((id) => ['id', id]));
    htmx.ajax('GET', `/posts/counts?${query}`, { target: live, swap: 'none', quiet: true });
  }

  // Asks how many posts are newer than the page. The morph keeps the button from
  // blinking and from losing focus when the number changes.
  function askNews() {
    const fresh = document.getElementById('fresh');
    if (!fresh) return;
    htmx.ajax('GET', `${fresh.dataset.src}after=${fresh.dataset.after}`,
      { source: fresh, target: fresh, swap: 'outerMorph', quiet: true });
  }

  // Fetches the comments after the last comment on the page.
  function askComments() {
    const list = document.getElementById('comments');
    if (!list) return;
    const last = [...list.querySelectorAll('li[id^="comment-"]')].at(-1)?.id.slice('comment-'.length) ?? 0;
    htmx.ajax('GET', `${list.dataset.src}?after=${last}`, { source: list, target: list, swap: 'beforeend', quiet: true });
  }

  live.addEventListener('missed', () => { askCounts(); askNews(); askComments(); });

  // Posts that come while the page waits are announced together.
  let timer = 0;
  live.addEventListener('post', (event) => {
    const after = document.getElementById('fresh')?.dataset.after;
    if (!(Number(event.detail.data) > Number(after))) return;
    timer ||= setTimeout(() => { timer = 0; askNews(); }, Math.random() * spread);
  });
})();
