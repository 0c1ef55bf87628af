// What is added to the page is there once: the answer to a form and the stream
// may both bring it, in either order, and so may a page that is asked for again.
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
