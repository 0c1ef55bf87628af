// Notifications on this device: the section #push of the settings. The browser is asked for its
// permission when the button is tapped, and never before. The service worker renews the
// subscription later (worker/sw.js).
(() => {
  'use strict';

  const { me } = document.body.dataset;
  const able = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

  const section = () => document.getElementById('push');

  // shows one of the states: each is an element of the section.
  function show(state) {
    for (const element of section().querySelectorAll('[data-push]')) element.hidden = element.dataset.push !== state;
  }

  async function subscription() {
    const registration = await navigator.serviceWorker.getRegistration('/');
    return registration?.pushManager.getSubscription();
  }

  async function look() {
    const here = section();
    if (!here?.dataset.key) return;
    if (!able) show('unable');
    else if (Notification.permission === 'denied') show('denied');
    else show(here.querySelector('[data-this]') && await subscription() ? 'on' : 'off');
  }

  // send tells the server of a subscription.
  function send(path, body) {
    return fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Account': me }, body: JSON.stringify(body) });
  }

  async function turnOn(button) {
    button.disabled = true;
    try {
      if (await Notification.requestPermission() !== 'granted') return;
      await navigator.serviceWorker.register('/sw.js');
      const { pushManager } = await navigator.serviceWorker.ready;
      await (await pushManager.getSubscription())?.unsubscribe(); // which may be for another key
      const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: section().dataset.key });
      const response = await send('/push/subscriptions', made);
      if (!response.ok) throw new Error(response.status);
      await htmx.ajax('GET', '/push/subscriptions', { target: '#push', swap: 'outerHTML' });
    } catch {
      show('failed');
    } finally {
      button.disabled = false;
      if (!section().querySelector('[data-push="failed"]:not([hidden])')) look();
    }
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-push-on]');
    if (button) turnOn(button);
  });

  // The browser forgets what the server is asked to forget.
  document.addEventListener('submit', async (event) => {
    if (event.target.matches('#push [data-this] form[action="/push/subscriptions/delete"]')) (await subscription())?.unsubscribe();
  });

  document.addEventListener('htmx:after:swap', look);
  look();
})();
