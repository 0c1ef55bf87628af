// Upload progress. fetch reports none, so XMLHttpRequest sends a form[data-progress]
// with files, behind the interface of fetch, and moves the <progress> of the form.
// The upload is aborted if no byte moves for htmx.config.defaultTimeout.
(() => {
  'use strict';

  const hasFiles = (body) => body instanceof FormData
    && [...body.values()].some((value) => value instanceof File && value.size > 0);

  function headersOf(xhr) {
    const headers = new Headers();
    for (const line of xhr.getAllResponseHeaders().trim().split(/[\r\n]+/)) {
      const colon = line.indexOf(':');
      if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
    }
    return headers;
  }

  function responseOf(xhr) {
    const empty = [204, 205, 304].includes(xhr.status); // Response() refuses a body for these
    return new Response(empty ? null : xhr.response, {
      status: xhr.status, statusText: xhr.statusText, headers: headersOf(xhr),
    });
  }

  function send(url, request, moved) {
    return new Promise((resolve, reject) => {
      const xhr = new XMLHttpRequest();
      const { signal } = request;
      let stalled;
      const watch = () => {
        clearTimeout(stalled);
        stalled = setTimeout(() => { reject(new TypeError('upload stalled')); xhr.abort(); }, htmx.config.defaultTimeout);
      };
      const abort = () => xhr.abort();
      xhr.open(request.method, url);
      xhr.responseType = 'blob';
      for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value);
      xhr.upload.onprogress = (event) => { watch(); if (event.lengthComputable) moved(event.loaded / event.total); };
      xhr.onload = () => resolve(responseOf(xhr));
      xhr.onerror = () => reject(new TypeError('upload failed'));
      xhr.onabort = () => reject(signal?.reason ?? new DOMException('upload aborted', 'AbortError'));
      xhr.onloadend = () => { clearTimeout(stalled); signal?.removeEventListener('abort', abort); };
      if (signal?.aborted) { reject(signal.reason); return; }
      signal?.addEventListener('abort', abort);
      watch();
      xhr.send(request.body);
    });
  }

  function withProgress(bar) {
    return async (url, request) => {
      bar.value = 0;
      bar.hidden = false;
      try {
        return await send(url, request, (part) => { bar.value = part * bar.max; });
      } finally {
        bar.hidden = true;
      }
    };
  }

  document.addEventListener('htmx:config:request', (event) => {
    const { ctx } = event.detail;
    const bar = ctx.request.form?.matches('[data-progress]') && ctx.request.form.querySelector('progress');
    if (!bar || !hasFiles(ctx.request.body)) return;
    ctx.request.timeout = 0; // slow uploads are fine; send() watches for stalled uploads
    ctx.fetch = withProgress(bar);
  });
})();
