// A table that is wider than its place is scrolled by keyboard too; the theme wraps tables after the page has loaded.
const reachable = () => document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])").forEach((wrap) => { wrap.tabIndex = 0 })
new MutationObserver(reachable).observe(document.body, { childList: true, subtree: true })
reachable()
