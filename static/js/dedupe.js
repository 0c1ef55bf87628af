// Elements added to a page are there once. The answer to a form and the stream may
// bring the same element, in either order, and so may a request that is repeated.
(() => {
  'use strict';

  const adding = new Set(['beforebegin', 'afterbegin', 'beforeend', 'afterend']);

  document.addEventListener('htmx:before:swap', (event) => {
    for (const { swapSpec, fragment } of event.detail.tasks) {
      if (!adding.has(swapSpec.style)) continue;
      for (const elt of [...fragment.children]) {
        if (elt.id && document.getElementById(elt.id)) elt.remove();
      }
    }
  });
})();
