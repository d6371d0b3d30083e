// Says below the page how it came about: what the browser measured, and what the server told it of itself.
const account = document.getElementById("account");
const [visit] = performance.getEntriesByType("navigation");
if (account && visit) {
  const waited = (visit.responseEnd - visit.requestStart).toFixed(1);
  // a browser shows Server-Timing only to pages that it trusts: over TLS, or from this machine's own address
  const told = (visit.serverTiming || []).filter((each) => each.description)
    .map((each) => `${each.name} ${each.description}`);
  const parts = [`${waited} ms from request to page`, `${visit.decodedBodySize.toLocaleString("en")} bytes`, ...told];
  account.textContent = parts.join(" · ");
  account.hidden = false;
}
