// Functions that browsers of 2023 lack and the other modules need.
(() => {
  'use strict';

  // Safari before 17.4.
  Element.prototype.checkVisibility ??= function checkVisibility() {
    return this.getClientRects().length > 0;
  };

  // Safari reports requests and transitions that leaving a page aborts.
  window.addEventListener('unhandledrejection', (event) => {
    if (event.reason?.name === 'AbortError') event.preventDefault();
  });
})();
