// One tag on any page: <script src="https://…/widget.js" async></script> <banshi-chat></banshi-chat>
// A classic script, so that it may be `async` and is forgiven by old templates; all else are modules beside it.
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  // A host page never pays for our failure: without the modules its own content inside the tag stays visible.
  import(new URL("widget/chat.js", script.src).href).catch((error) => console.warn("banshi-chat:", error.message));
})();
