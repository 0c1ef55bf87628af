// Toasts in #toasts. A toast from the server disappears after a while, except under
// the pointer, with focus, or with data-stay. Failures without an answer of our
// server show <template id="toast-network"> (no answer) or <template
// id="toast-server"> (an answer of another program, such as a proxy).
(() => {
  'use strict';

  const life = 6000;
  const box = document.getElementById('toasts');
  if (!box) return;

  const timers = new WeakMap();
  const cameFrom = new WeakMap(); // toast → the element that had focus before

  // htmx removes the toast and cleans up live elements inside.
  function drop(toast) {
    const back = toast.contains(document.activeElement) && cameFrom.get(toast);
    clearTimeout(timers.get(toast));
    htmx.swap({ text: '', target: toast, sourceElement: toast, swap: 'delete swap:220ms' });
    if (back?.isConnected) back.focus();
  }

  function start(toast) {
    clearTimeout(timers.get(toast));
    if ('stay' in toast.dataset || toast.matches(':hover, :focus-within')) return;
    timers.set(toast, setTimeout(drop, life, toast));
  }

  function welcome(toast) {
    toast.addEventListener('mouseenter', () => clearTimeout(timers.get(toast)));
    toast.addEventListener('mouseleave', () => start(toast));
    toast.addEventListener('focusin', (event) => {
      clearTimeout(timers.get(toast));
      if (!toast.contains(event.relatedTarget)) cameFrom.set(toast, event.relatedTarget);
    });
    toast.addEventListener('focusout', (event) => {
      if (!toast.contains(event.relatedTarget)) start(toast);
    });
    start(toast);
  }

  // A repeated failure restarts the timer of its toast instead of adding another toast.
  function say(id) {
    const shown = box.querySelector(`[data-kind="${id}"]`);
    if (shown) { start(shown); return; }
    const toast = document.getElementById(id)?.content.firstElementChild?.cloneNode(true);
    if (!toast) return;
    toast.dataset.kind = id;
    box.append(toast);
  }

  document.addEventListener('toast:say', ({ detail: id }) => say(id));

  // Requests of the page itself stay quiet: #offline reports their failures.
  const quiet = (ctx) => ctx.quiet || ctx.sourceElement?.id === 'live';

  // Reports whether an answer is not ours. Our refusals name what to swap, redirect, or
  // are a form (422).
  function foreign(ctx) {
    const { headers, status } = ctx.response;
    if (['HX-Reswap', 'HX-Redirect', 'HX-Location', 'HX-Refresh'].some((name) => headers.has(name))) return false;
    return status >= 500 || !headers.get('Content-Type')?.includes('text/html') || /^\s*<(!doctype|html)\b/i.test(ctx.text);
  }

  // Reports whether the form that was sent shows the failure itself (resend.js).
  function shown(ctx, id) {
    return ctx.sourceElement?.dispatchEvent(new CustomEvent('unsent', { bubbles: true, cancelable: true, detail: id })) === false;
  }

  document.addEventListener('htmx:error', (event) => {
    const { ctx, error } = event.detail;
    if (!ctx || ctx.response || quiet(ctx) || error?.name === 'AbortError') return;
    if (!shown(ctx, 'toast-network')) say('toast-network');
  });

  document.addEventListener('htmx:response:error', (event) => {
    const { ctx } = event.detail;
    const ours = !foreign(ctx);
    if (ours && ctx.response.status < 500) return;
    if (shown(ctx, 'toast-server')) {
      ctx.text = ''; // has a toast
      return;
    }
    if (ours) return;
    ctx.swap = 'none'; // do not swap in the error page of a proxy
    if (!quiet(ctx)) say('toast-server');
  });

  document.addEventListener('click', (event) => {
    const toast = event.target.closest?.('.toast [data-close]')?.closest('.toast');
    if (toast) drop(toast);
  });

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) return;
    if (document.querySelector(':is(dialog[open], :popover-open)')) return; // Escape closes those first
    const toast = box.querySelector('.toast:focus-within') ?? box.querySelector('.toast:last-child');
    if (toast) drop(toast);
  });

  new MutationObserver((records) => {
    for (const record of records) {
      for (const node of record.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) welcome(node);
    }
  }).observe(box, { childList: true });
  for (const toast of box.children) welcome(toast);
})();
