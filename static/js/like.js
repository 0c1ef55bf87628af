// The like button answers at once: the heart and the number change with the press, and
// go back if the request fails (toast.js says why). While a request is under way,
// counts from the stream wait, since they may or may not contain the press. Presses
// meanwhile change what the person wants; the next request follows the answer.
(() => {
  'use strict';

  const waiting = new WeakMap(); // form → { on, likes: before the press; wanted, sent; count: held back }

  const buttonOf = (form) => form.querySelector('.like');
  const countOf = (form) => form.querySelector('.num');
  const pressed = (form) => buttonOf(form).getAttribute('aria-pressed') === 'true';

  function show(form, on, likes) {
    const button = buttonOf(form);
    button.setAttribute('aria-pressed', on);
    button.value = !on;
    countOf(form).textContent = likes;
  }

  function press(form, state) {
    state.wanted = !state.wanted;
    const step = state.wanted === state.on ? 0 : state.wanted ? 1 : -1;
    show(form, state.wanted, state.likes + step);
  }

  const isLike = (elt) => elt?.matches?.('form.like-form');

  document.addEventListener('submit', (event) => {
    const state = isLike(event.target) && waiting.get(event.target);
    if (!state) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    press(event.target, state);
  }, true);

  // htmx has read the value of the button already. With keepalive the request survives
  // that the person leaves the page.
  document.addEventListener('htmx:before:request', ({ target: form, detail: { ctx } }) => {
    if (!isLike(form)) return;
    ctx.request.keepalive = true;
    const on = pressed(form);
    const state = { on, wanted: on, sent: !on, likes: Number(countOf(form).textContent) };
    waiting.set(form, state);
    press(form, state);
  });

  // Holds back a count of the stream; a later count replaces the former.
  function hold(state, count) {
    if (!state.count || Number(state.count.dataset.version) <= Number(count.dataset.version)) state.count = count;
  }

  // Completes the answer with a newer count of the stream. An answer that the person
  // has overruled is not shown.
  function answered(form, task, tasks) {
    const state = waiting.get(form);
    const count = task.fragment.querySelector('.num');
    if (!count) return;
    if (Number(state.count?.dataset.version) > Number(count.dataset.version)) {
      count.textContent = state.count.textContent;
      count.dataset.version = state.count.dataset.version;
    }
    state.answer = { on: state.sent, likes: Number(count.textContent), version: count.dataset.version };
    state.count = null;
    if (state.wanted !== state.sent) tasks.splice(tasks.indexOf(task), 1);
  }

  document.addEventListener('htmx:before:swap', ({ detail: { tasks } }) => {
    for (const task of [...tasks]) {
      const form = task.target?.closest?.('form.like-form');
      if (!waiting.has(form)) continue;
      if (task.target === form) {
        answered(form, task, tasks);
      } else if (task.type === 'oob') {
        hold(waiting.get(form), task.fragment.firstElementChild);
        tasks.splice(tasks.indexOf(task), 1);
      }
    }
  });

  // Shows the state before the press, with the count that came meanwhile.
  function goBack(form, { on, likes, count }) {
    show(form, on, count ? count.textContent : likes);
    if (count) countOf(form).dataset.version = count.dataset.version;
  }

  // Sends what the person wants now, on top of the answer that was not shown.
  function sendAgain(form, { on, likes, version }) {
    countOf(form).dataset.version = version;
    show(form, on, likes);
    form.requestSubmit(buttonOf(form));
  }

  document.addEventListener('htmx:finally:request', ({ target: form }) => {
    const state = waiting.get(form);
    if (!state) return;
    waiting.delete(form);
    if (!state.answer) goBack(form, state);
    else if (state.wanted !== state.sent) setTimeout(sendAgain, 0, form, state.answer);
  });
})();
