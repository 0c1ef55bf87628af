// The account to which the page was shown: body[data-me]. Requests name the account, so
// that the server does nothing as another account. A page that becomes visible loads
// anew if another account has signed in, or signed out, in the same browser. Signing out
// clears what the device keeps.
(() => {
  'use strict';

  const { me } = document.body.dataset;
  const key = 'account';
  let leaving = false; // the account is signing out

  // Storage may be turned off: then the server alone compares.
  function attempt(act) {
    try { return act(); } catch { return undefined; }
  }

  // reload() would send a form again if this page is the answer to a form.
  function compare() {
    if (leaving || document.hidden || attempt(() => localStorage.getItem(key)) === me) return;
    if (attempt(() => localStorage.length) !== undefined) location.replace(location.pathname + location.search);
  }

  // The server need not guess what of a page was seen: see log.js.
  document.cookie = location.protocol === 'https:' ? '__Host-scripts=on;path=/;samesite=lax;secure' : 'scripts=on;path=/;samesite=lax';

  if (!me) {
    if (document.querySelector('form[action="/sign-in"]')) attempt(() => localStorage.removeItem(key));
    return;
  }
  attempt(() => localStorage.setItem(key, me));
  document.addEventListener('visibilitychange', compare);
  // Another tab was shown to an account. The browser clears everything when this tab signs
  // out, which has no key, and the tab is on its way already.
  window.addEventListener('storage', (event) => { if (event.key === key) compare(); });
  window.addEventListener('pageshow', (event) => { if (event.persisted) compare(); });

  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => { ctx.request.headers['X-Account'] = me; });

  document.addEventListener('submit', (event) => {
    if (!event.target.matches('form[action="/sign-out"]')) return;
    leaving = true;
    attempt(() => { localStorage.clear(); sessionStorage.clear(); indexedDB.deleteDatabase('drafts'); });
  });
})();
