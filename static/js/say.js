// The field of a new message. Enter sends exactly once, also while an input method
// composes a syllable; Shift+Enter and the return key of a screen keyboard begin a
// new line. Unsent text is kept when the page is left.
(() => {
  'use strict';

  const area = document.getElementById('say');
  if (!area) return;
  const { form } = area;
  const draft = `draft-${document.getElementById('chat').dataset.room}-${document.body.dataset.me}`;
  const touch = matchMedia('(pointer: coarse)');

  let composing = false; // the input method has an unfinished syllable
  let wanted = false;    // send when the syllable is finished
  let taken = false;     // Enter is down and sends

  function submit() {
    wanted = false;
    const button = form.querySelector('.btn-main');
    if (!button.disabled) form.requestSubmit(button);
  }

  // Keys of a screen keyboard have no code, or the keyboard covers a part of the screen.
  const ofKeyboard = (event) => !touch.matches || (event.code && visualViewport.height > innerHeight * 0.8);

  // While composing, browsers report Enter as "Process" or twice.
  const isEnter = ({ key, code, keyCode }) => key === 'Enter' || (keyCode === 229 && /Enter$/.test(code));

  area.addEventListener('compositionstart', () => { composing = true; });
  area.addEventListener('compositionend', () => {
    composing = false;
    if (wanted) setTimeout(submit); // after the field has taken the syllable
  });

  area.addEventListener('keydown', (event) => {
    taken = isEnter(event) && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey && ofKeyboard(event);
    if (!taken) return;
    event.preventDefault();
    if (event.repeat || wanted) return;
    wanted = composing || event.isComposing;
    if (!wanted) submit();
  });
  area.addEventListener('keyup', () => { taken = false; });
  // An input method may insert the line break without the key event.
  area.addEventListener('beforeinput', (event) => {
    if (taken && event.inputType === 'insertLineBreak') event.preventDefault();
  });

  // The button was pressed within a syllable: blur() finishes the syllable.
  form.addEventListener('submit', (event) => {
    if (!composing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    wanted = true;
    area.blur();
  });

  if (!document.getElementById('socket')) return;
  area.value ||= sessionStorage.getItem(draft) ?? '';
  window.addEventListener('pagehide', () => sessionStorage.setItem(draft, area.value));
  if (!touch.matches && !location.hash) area.focus({ preventScroll: true });
})();
