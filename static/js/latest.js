// In a list the comment button of a post shows the newest comments and the form of a
// new comment below the post, or hides them again. A text in the form is kept. Without
// scripting the button is a link to the post.
(() => {
  'use strict';

  const buttons = '#timeline a.discuss';

  const postOf = (button) => button.closest('article');
  const panelOf = (button) => document.getElementById(button.getAttribute('aria-controls'));
  const isOpen = (button) => button.getAttribute('aria-expanded') === 'true';

  htmx.onLoad((root) => {
    for (const button of [...root.querySelectorAll(buttons), ...(root.matches(buttons) ? [root] : [])]) {
      button.setAttribute('role', 'button');
      button.setAttribute('aria-expanded', 'false');
      button.setAttribute('aria-controls', `${postOf(button).id}-latest`);
    }
  });

  // Fetches the comments, unless a text waits in the form.
  async function load(button) {
    const panel = panelOf(button);
    if (panel?.querySelector('textarea')?.value.trim()) return;
    const path = `${new URL(button.href).pathname}/comments/latest`;
    const place = panel ? { target: panel, swap: 'outerHTML' } : { target: postOf(button), swap: 'beforeend' };
    await htmx.ajax('GET', path, { source: button, ...place });
  }

  async function open(button) {
    if (button.classList.contains('htmx-request')) return;
    await load(button);
    const panel = panelOf(button);
    if (!panel) return; // a toast says why
    panel.hidden = false;
    button.setAttribute('aria-expanded', 'true');
  }

  function close(button) {
    const panel = panelOf(button);
    if (panel?.contains(document.activeElement)) button.focus({ preventScroll: true });
    if (panel) panel.hidden = true;
    button.setAttribute('aria-expanded', 'false');
  }

  // A mouse goes on to write; a keyboard stays on the button, and on a phone the focus
  // would open the keyboard over the comments.
  async function toggle(button, byMouse) {
    if (isOpen(button)) {
      close(button);
      return;
    }
    await open(button);
    if (byMouse && matchMedia('(pointer: fine)').matches) panelOf(button)?.querySelector('textarea').focus({ preventScroll: true });
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest?.(buttons);
    if (!button || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    toggle(button, event.detail > 0);
  });

  document.addEventListener('keydown', (event) => {
    if (event.key !== ' ' || !event.target.matches?.(buttons)) return;
    event.preventDefault(); // would scroll the page
    if (!event.repeat) toggle(event.target, false);
  });

  // Before toast.js: the first Escape closes the comments.
  document.addEventListener('keydown', (event) => {
    const panel = event.key === 'Escape' && !event.isComposing && event.target.closest?.('#timeline .latest');
    if (!panel || document.querySelector('dialog[open], :popover-open')) return;
    event.preventDefault();
    const button = document.querySelector(`[aria-controls="${CSS.escape(panel.id)}"]`);
    close(button);
    button.focus({ preventScroll: true });
  }, true);
})();
