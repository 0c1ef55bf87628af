// A field tells by "typed" that no key was pressed for a moment, never while an input
// method composes a syllable. Behind @ in a textarea, a list of names then comes from the
// address data-complete; arrow keys and Enter or Tab choose, Escape closes the list.
(() => {
  'use strict';

  const pause = 150; // ms
  const headers = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' };
  let timer = 0, area = null, list = null;
  let taken = false; // the key that is down has chosen a name

  // Returns the beginning of a name that stands behind @ and before the caret.
  const begun = () => area.value.slice(0, area.selectionStart).match(/(?:^|[\s(])@([^\s@]{1,20})$/)?.[1];

  function close() {
    list?.remove();
    list = null;
    for (const name of ['controls', 'activedescendant']) area?.removeAttribute(`aria-${name}`);
  }

  function mark(option) {
    list.querySelector('[aria-selected]')?.removeAttribute('aria-selected');
    option.setAttribute('aria-selected', 'true');
    option.scrollIntoView({ block: 'nearest' });
    area.setAttribute('aria-activedescendant', option.id);
  }

  function choose(option) {
    const end = area.selectionStart, text = begun(); // no text: the caret has moved
    if (text) area.setRangeText(`${option.dataset.name} `, end - text.length, end, 'end');
    close();
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }

  document.addEventListener('typed', async ({ target }) => {
    if (!target.dataset.complete) return;
    area = target;
    const text = begun();
    const answer = text && await fetch(`${area.dataset.complete}q=${encodeURIComponent(text)}`, { headers }).catch(() => null);
    const names = answer?.ok ? await answer.text() : '';
    if (text !== begun() || area !== document.activeElement) return; // another answer comes
    close();
    if (!names) return;
    await htmx.swap({ sourceElement: area, target: area, swap: 'afterend', text: names, transition: false });
    list = area.nextElementSibling;
    area.setAttribute('aria-controls', list.id);
    mark(list.firstElementChild);
  });

  for (const type of ['input', 'compositionend']) {
    document.addEventListener(type, ({ target, isComposing }) => {
      clearTimeout(timer);
      if (list && (isComposing || !begun())) close();
      if (!isComposing) timer = setTimeout(() => target.dispatchEvent(new Event('typed', { bubbles: true })), pause);
    });
  }

  // Before the field itself hears of the key, which would send a message.
  document.addEventListener('keydown', (event) => {
    const { key } = event;
    taken = false;
    if (!list || event.isComposing || event.keyCode === 229 || event.shiftKey || event.ctrlKey || event.metaKey) return;
    const now = list.querySelector('[aria-selected]');
    const to = (key === 'ArrowDown' && (now.nextElementSibling ?? list.firstElementChild))
      || (key === 'ArrowUp' && (now.previousElementSibling ?? list.lastElementChild));
    if (to) mark(to);
    else if (key === 'Enter' || key === 'Tab') {
      choose(now);
      taken = true;
    } else if (key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  // An input method may insert the line break without the key event.
  document.addEventListener('beforeinput', (event) => {
    if (taken && event.inputType === 'insertLineBreak') event.preventDefault();
  });

  document.addEventListener('mousedown', (event) => {
    const option = event.target.closest?.('[role="option"]');
    if (!option) return;
    event.preventDefault(); // the field keeps the focus
    choose(option);
  });
  document.addEventListener('focusout', close);
})();
