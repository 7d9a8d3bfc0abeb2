// Draws a chart. The script of the chart library is large and no module, so it is loaded here, when the first chart is shown. Colours are
// those of the page (var(--ink)), which the SVG that is drawn takes from the style sheet: light and dark need no drawing again.
const charts = new WeakMap();
let library;

const load = url => library ??= new Promise((done, failed) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
});

export async function draw(element, url, options, locale) {
    await load(url);
    if (!element.isConnected)
        return;
    const number = value => value.toLocaleString(locale);
    options.yAxis.axisLabel.formatter = number;
    options.tooltip.formatter = items => items[0].data?.text ?? '';
    let chart = charts.get(element);
    if (!chart) {
        chart = echarts.init(element, null, { renderer: 'svg' });
        const watch = new ResizeObserver(() => element.isConnected ? chart.resize() : (watch.disconnect(), chart.dispose()));
        watch.observe(element);
        charts.set(element, chart);
    }
    chart.setOption(options, true);
}
