// The place in a list of posts. Going back, or reloading, without the browser's page
// cache loads the first page of the list; this loads as many posts as there were and
// returns to the same post at the same height. Each entry of the history has a key,
// and the places lie in the storage of the tab.
(() => {
  'use strict';

  const list = document.getElementById('timeline');
  if (!list) return;
  const storage = 'places', most = 30; // places kept

  const posts = () => [...list.querySelectorAll(':scope > article[id^="post-"]')];
  const idOf = (post) => Number(post.id.slice('post-'.length));
  const topOf = (post) => post.getBoundingClientRect().top;

  // An address with another #fragment is an entry of its own.
  function mark() {
    if (!history.state?.place) history.replaceState({ ...history.state, place: `${Date.now()}-${Math.random()}` }, '');
    return history.state.place;
  }
  let key = mark();
  window.addEventListener('hashchange', () => { key = mark(); });

  const places = () => JSON.parse(sessionStorage.getItem(storage) ?? '[]');

  // Notes the first post that is in view, and the last post that is loaded.
  function save() {
    const all = posts();
    const first = all.find((post) => post.getBoundingClientRect().bottom > 0);
    const others = places().filter((place) => place.key !== key).slice(1 - most);
    if (first && scrollY) others.push({ key, post: idOf(first), top: topOf(first), last: idOf(all.at(-1)) });
    sessionStorage.setItem(storage, JSON.stringify(others));
  }

  let acted = false; // the person scrolls already

  // Loads posts until the post last. An answer has up to a hundred posts.
  async function load(last) {
    while (!acted && posts().length && idOf(posts().at(-1)) > last) {
      const more = list.querySelector('a.more'), before = posts().length;
      if (!more) return;
      await htmx.ajax('GET', `${more.getAttribute('href')}&through=${last}`,
        { source: more, target: more, swap: 'outerHTML', quiet: true });
      if (posts().length === before) return;
    }
  }

  // The post may be deleted: then the next older post takes its place.
  function show({ post, top }) {
    const at = posts().find((candidate) => idOf(candidate) <= post);
    if (!acted && at) scrollBy({ top: topOf(at) - top, behavior: 'instant' });
  }

  async function restore(place) {
    history.scrollRestoration = 'manual';
    for (const type of ['wheel', 'touchstart', 'pointerdown', 'keydown']) {
      window.addEventListener(type, () => { acted = true; }, { once: true, passive: true, capture: true });
    }
    show(place); // pictures above keep their height while they load
    await load(place.last);
    show(place);
    if (document.readyState !== 'complete') window.addEventListener('load', () => show(place));
  }

  const [visit] = performance.getEntriesByType('navigation');
  const place = ['back_forward', 'reload'].includes(visit?.type) && places().find((saved) => saved.key === key);
  if (place) restore(place);

  window.addEventListener('pagehide', save);
  document.addEventListener('visibilitychange', () => { if (document.hidden) save(); });
})();
