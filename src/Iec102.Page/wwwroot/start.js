// Starts the page. A wall display or a control room leaves it open for months: it tries to reach the server again without end, every two
// seconds, and says how old the values are meanwhile.
(() => {
    const modal = document.getElementById('components-reconnect-modal');
    let since = 0;
    // A text that was not sent yet would be lost. It may hold passwords: it is kept in this tab, for who wrote it, and only until the page
    // is there again.
    const kept = 'iec102-kept';
    const reload = () => {
        const { value: text, dataset } = document.querySelector('textarea[data-kept]') ?? {};
        try {
            if (text)
                sessionStorage.setItem(kept, JSON.stringify({ of: dataset.kept, text }));
        } catch {
            // There is no room for it. The page has to be there again all the same.
        }
        location.reload();
    };
    window.iec102TakeKept = reader => {
        const { of, text } = JSON.parse(sessionStorage.getItem(kept)) ?? {};
        sessionStorage.removeItem(kept);
        return of === reader ? text : null;
    };
    // Whoever has to sign in comes back to the page; anybody else is somewhere else.
    if (!document.querySelector('textarea[data-kept]') && location.pathname !== '/sign-in')
        sessionStorage.removeItem(kept);
    new MutationObserver(() => {
        // The server was started again and does not know this page any more.
        if (modal.classList.contains('components-reconnect-rejected'))
            reload();
        since = modal.classList.contains('components-reconnect-show') ? since || Date.now() : 0;
    }).observe(modal, { attributes: true, attributeFilter: ['class'] });
    const age = modal.querySelector('.away-age');
    setInterval(() => {
        if (since)
            age.textContent = age.dataset.text.replace('{0}', Math.round((Date.now() - since) / 1000));
    }, 1000);
    // Whoever is no longer signed in is led to where one signs in.
    setInterval(async () => {
        if (since && (await fetch('/api/session').catch(() => null))?.status === 401)
            reload();
    }, 10000);
    Blazor.start({ circuit: { reconnectionOptions: { maxRetries: Number.MAX_SAFE_INTEGER, retryIntervalMilliseconds: 2000 } } });
})();
