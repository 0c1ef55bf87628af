// Counts never go back. <span data-version> holds the version of its number: the answer
// to a form and the stream bring counts in any order, and a count that is older than
// the shown count is left out.
(() => {
  'use strict';

  const versionOf = (elt) => Number(elt?.dataset?.version ?? NaN);

  document.addEventListener('htmx:before:swap', (event) => {
    const { tasks } = event.detail;
    for (const task of [...tasks]) {
      const count = task.fragment.firstElementChild;
      if (task.type !== 'oob' || !count?.id || count.id !== task.target?.id) continue;
      if (versionOf(count) < versionOf(task.target)) tasks.splice(tasks.indexOf(task), 1);
    }
  });
})();
