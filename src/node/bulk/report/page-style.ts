/** The style sheet of the page; its hash stands in the page's security policy. */
export const pageStyle = `
:root{color-scheme:light dark;--paper:#fbfaf7;--ink:#1d2329;--soft:#5c666f;--line:#e3e0d8;--done:#1f7a5c;--skip:#b9b4a6;--fail:#b3402a;--fill:#1f7a5c22;--failpaper:#fbeee9}
@media (prefers-color-scheme:dark){:root{--paper:#14181b;--ink:#e8e6e1;--soft:#9aa4ab;--line:#2e353b;--done:#5fbf9b;--skip:#5d6469;--fail:#ef8a70;--fill:#5fbf9b2e;--failpaper:#35211c}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:62rem;margin:0 auto;padding:2.5rem 1.5rem 4rem}
.kicker{margin:0 0 .4rem;color:var(--soft);font-size:.9rem}
h1{margin:0;font-size:clamp(1.5rem,1.1rem + 1.6vw,2rem);line-height:1.2;font-weight:650;letter-spacing:-.01em;text-wrap:balance}
.lead{margin:.7rem 0 0;color:var(--soft);max-width:46rem}
h2{margin:3rem 0 .8rem;font-size:1.15rem;font-weight:650}
.share{display:block;width:100%;height:.7rem;margin:1.6rem 0 1.2rem;border-radius:.35rem}
.share .d{fill:var(--done)}.share .s{fill:var(--skip)}.share .f{fill:var(--fail)}.share .o{fill:var(--line)}
.counts{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1.2rem 1.5rem;margin:0}
.counts div{min-width:0}
.counts dt{color:var(--soft);font-size:.88rem;display:flex;align-items:center;gap:.45rem}
.counts dd{margin:0;font-size:1.4rem;font-weight:620;line-height:1.3;white-space:nowrap}
.dot{width:.65rem;height:.65rem;border-radius:.2rem;flex:none}
.dot.d{background:var(--done)}.dot.s{background:var(--skip)}.dot.f{background:var(--fail)}.dot.o{background:var(--line)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1.5rem 2rem}
figure{margin:0}
figcaption{font-weight:600;margin-bottom:.3rem;display:flex;justify-content:space-between;gap:1rem}
figcaption span{font-weight:400;color:var(--soft)}
figure svg{display:block;width:100%;height:auto;overflow:visible}
svg text{fill:var(--soft);font-size:13px}
.grid{stroke:var(--line);stroke-width:1}
.axis,.tick{stroke:var(--soft);stroke-width:1}
.area{fill:var(--fill)}
.line{fill:none;stroke:var(--done);stroke-width:1.8;stroke-linejoin:round}
.average{stroke:var(--soft);stroke-width:1;stroke-dasharray:4 4}
table{width:100%;border-collapse:collapse}
th,td{padding:.55rem .9rem .55rem 0;border-top:1px solid var(--line);text-align:left;vertical-align:top}
th:last-child,td:last-child{padding-right:0}
thead th{border-top:0;color:var(--soft);font-weight:500;font-size:.88rem}
.n{text-align:right;white-space:nowrap;width:5rem;padding-right:1.4rem}
.soft{color:var(--soft)}
code{font:.85em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace}
td .name{display:block;font-weight:560}
td .name,td .folder,td .why,.run dd{overflow-wrap:anywhere;overflow:hidden}
td .folder{display:block;color:var(--soft);font-size:.86rem}
td.file{width:50%}
tbody tr,figure{break-inside:avoid}
h3{margin:1.8rem 0 .3rem;font-size:1rem;font-weight:620}
h3 .soft{font-weight:400}
.note{margin:.8rem 0 0;padding:.7rem .9rem;border-left:3px solid var(--fail);background:var(--failpaper);overflow-wrap:anywhere}
.run{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.3rem 1.5rem;margin:0}
.run dt{color:var(--soft)}
.run dd{margin:0}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.86rem}
@media (max-width:40rem){
main{padding:1.5rem 1rem 3rem}
.counts{grid-template-columns:repeat(2,minmax(0,1fr))}
.stack thead{display:none}
.stack tr{display:block;border-top:1px solid var(--line);padding:.55rem 0}
.stack td{display:block;width:auto;padding:0;border:0;text-align:left}
.stack.counted tr{display:grid;grid-template-columns:4rem minmax(0,1fr);column-gap:.9rem}
.stack.counted td{grid-column:2}
.stack.counted td.n{grid-column:1;grid-row:1;text-align:right}
.n{width:4rem;padding-right:.9rem}
.stack td+td{margin-top:.15rem}
.run{grid-template-columns:1fr;gap:0}
.run dd{margin-bottom:.6rem}
}
@media print{
:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--done:#1f7a5c;--skip:#b9b4a6;--fail:#b3402a;--fill:#1f7a5c22;--failpaper:#fff}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
html{font-size:12.5px}
body{font-size:1rem}
main{max-width:none;padding:0}
h2,h3{break-after:avoid}
.listed{font-size:.92rem}
.listed th,.listed td{padding-top:.3rem;padding-bottom:.3rem}
h2{margin-top:1.6rem}
@page{margin:16mm}
}
`;
