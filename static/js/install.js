// The service worker (worker/sw.js) is registered where it is of use: in the installed app, and
// in a browser that shows notifications.
if (document.body.dataset.me && (window.Notification?.permission === 'granted' || matchMedia('(display-mode: standalone)').matches)) {
  navigator.serviceWorker?.register('/sw.js');
}
