/** The reference page's whole style sheet; colours follow the reader's light or dark preference. */
export const REFERENCE_STYLES = `
:root{color-scheme:light dark;--page:#fff;--soft:#f6f6f7;--text:#18181b;--muted:#5b5b66;--line:#e4e4e7;--accent:#4338ca;
--accent-soft:#eef2ff;--get:#1d4ed8;--get-soft:#dbeafe;--post:#166534;--post-soft:#dcfce7;--bad:#b91c1c;--code:#fafafa;
--key:#4338ca;--string:#166534;--number:#9a3412;--top:52px}
@media (prefers-color-scheme:dark){:root{--page:#0b0b0e;--soft:#16161a;--text:#ededf0;--muted:#a1a1ac;--line:#2a2a31;--accent:#a5b4fc;
--accent-soft:#1e1b4b;--get:#93c5fd;--get-soft:#172554;--post:#86efac;--post-soft:#052e16;--bad:#fca5a5;--code:#121216;
--key:#a5b4fc;--string:#86efac;--number:#fdba74}}
*,*::before,*::after{box-sizing:border-box}
html{scroll-padding-top:calc(var(--top) + 60px);-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1,h2,h3,h4,p,ul,dl,dd,figure{margin:0;padding:0}
h1{font-size:2rem;line-height:1.2;letter-spacing:-.02em;text-wrap:balance}
h2{font-size:1.5rem;line-height:1.25;letter-spacing:-.015em}h3{font-size:1.1875rem;line-height:1.35;letter-spacing:-.01em}
h4{font-size:.8125rem;font-weight:650;margin-bottom:4px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.8125rem}
p code,li code,dd code{background:var(--soft);border-radius:5px;padding:1px 5px;overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:3px}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
.muted,.lead{color:var(--muted)}.lead{font-size:1.0625rem;text-wrap:pretty}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:8px;top:-60px;background:var(--page);padding:8px 14px;z-index:3}.skip:focus{top:8px}
.top{position:sticky;top:0;z-index:2;height:var(--top);display:flex;align-items:center;gap:12px;padding:0 20px;background:var(--page);
border-bottom:1px solid var(--line);font-size:.9375rem}
.top .home{display:flex;align-items:center;gap:8px;font-weight:700;color:var(--text);text-decoration:none}
.mark{display:grid;place-items:center;width:26px;height:26px;border-radius:7px;background:#4338ca;color:#fff;font-size:.8125rem}
.top .machine{margin-left:auto;font-size:.875rem}
.frame{max-width:1440px;margin:0 auto}
main{min-width:0;padding:28px 20px 96px;display:grid;grid-template-columns:minmax(0,1fr);gap:56px}
.guide,.tag{display:grid;grid-template-columns:minmax(0,1fr);gap:16px}.guide{max-width:48rem}
.guide p,.facts p,.tag>p{max-width:46rem}
.plain{padding-left:20px;display:grid;gap:6px}
.side{position:sticky;top:var(--top);z-index:1;background:var(--page);border-bottom:1px solid var(--line);font-size:.875rem}
.side summary{padding:10px 20px;min-height:44px;cursor:pointer;font-weight:600;display:flex;align-items:center;gap:8px}
.side summary::before{content:"";width:7px;height:7px;border:solid currentColor;border-width:0 2px 2px 0;transform:rotate(-45deg)}
.side [open]>summary::before{transform:rotate(45deg) translate(-2px,-2px)}
.side .list{max-height:calc(100dvh - var(--top) - 44px);overflow-y:auto;padding:4px 12px 24px;overscroll-behavior:contain}
@media (max-width:59.99rem){.side .list{position:absolute;inset-inline:0;background:var(--page);border-bottom:1px solid var(--line);box-shadow:0 16px 32px rgb(0 0 0/.12)}}
.side h2{font-size:.75rem;font-weight:650;letter-spacing:.02em;color:var(--muted);margin:18px 8px 4px}
.side ul{list-style:none}
.side li a{display:flex;gap:8px;align-items:baseline;padding:6px 8px;border-radius:7px;color:var(--text);text-decoration:none;line-height:1.35}
.side li a:hover{background:var(--soft)}.side li a[aria-current]{background:var(--accent-soft);color:var(--accent);font-weight:600}
.side .method{flex:none;width:40px;text-align:center}
.find input{width:100%;min-height:40px;padding:6px 12px;border:1px solid var(--muted);border-radius:9px;background:var(--page);color:inherit;font:inherit}
.side .none{padding:8px;color:var(--muted)}
[hidden]{display:none!important}
@media (min-width:60rem){
html{scroll-padding-top:calc(var(--top) + 16px)}
.frame{display:grid;grid-template-columns:292px minmax(0,1fr)}
main{padding:40px 40px 120px}
.side{height:calc(100dvh - var(--top));border-bottom:0;border-right:1px solid var(--line)}
.side summary{display:none}.side details::details-content{content-visibility:visible}.side .list{max-height:calc(100dvh - var(--top));padding:16px 12px 32px}}
.method{display:inline-block;border-radius:5px;padding:1px 6px;font:650 .6875rem/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.method.get{color:var(--get);background:var(--get-soft)}.method.post{color:var(--post);background:var(--post-soft)}
.endpoint{border-top:1px solid var(--line);padding-top:28px;margin-top:12px;display:grid;grid-template-columns:minmax(0,1fr);gap:18px}
.endpoint header{display:grid;gap:8px}
.address{display:flex;flex-wrap:wrap;align-items:center;gap:8px}.address code{font-size:.875rem;overflow-wrap:anywhere}
.columns{display:grid;grid-template-columns:minmax(0,1fr);gap:24px}
.facts,.samples{display:grid;grid-template-columns:minmax(0,1fr);gap:20px;align-content:start}
@media (min-width:80rem){.columns{grid-template-columns:minmax(0,1.05fr) minmax(0,1fr);gap:40px}
.samples{position:sticky;top:calc(var(--top) + 16px)}.columns>*{align-self:start}}
.chip{display:inline-block;font-size:.75rem;border:1px solid var(--line);border-radius:99px;padding:2px 10px;color:var(--text);text-decoration:none}
.chip.quiet{color:var(--muted);border-style:dashed}a.chip:hover{border-color:var(--accent)}
.fields{display:grid}.field{border-top:1px solid var(--line);padding:8px 0}.field:last-child{border-bottom:1px solid var(--line)}
.field dt{display:flex;flex-wrap:wrap;gap:2px 10px;align-items:baseline;font-weight:600}.field dt code{font-weight:650;overflow-wrap:anywhere}
.field dd{font-size:.9375rem}.type{color:var(--muted);font-size:.8125rem;font-weight:400;overflow-wrap:anywhere}.type code{font-size:.75rem}
.required{color:var(--bad);font-size:.75rem;font-weight:400}.bounds{color:var(--muted);font-size:.8125rem}
details>summary{cursor:pointer;min-height:36px;align-content:center}
.variant{border:1px solid var(--line);border-radius:10px;padding:4px 14px;margin-top:8px}.variant[open]{padding-bottom:12px}
.refusals summary{font-size:.875rem;font-weight:650}
table{width:100%;border-collapse:collapse;font-size:.875rem}th{text-align:left;font-weight:600;color:var(--muted);font-size:.8125rem}
th,td{padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}td code{overflow-wrap:anywhere}
tr:target{background:var(--accent-soft)}.scroll{overflow-x:auto}
.status{font:600 .8125rem/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}.status.ok{color:var(--post)}
.code{border:1px solid var(--line);border-radius:12px;background:var(--code);overflow:hidden}
.code figcaption{display:flex;justify-content:space-between;align-items:center;min-height:40px;padding:0 6px 0 14px;font-size:.75rem;color:var(--muted);border-bottom:1px solid var(--line)}
.code button{min-height:32px;padding:0 10px;border:0;border-radius:7px;background:none;color:var(--text);font:inherit;cursor:pointer}
.code button:hover{background:var(--soft)}
.code pre{margin:0;padding:14px;overflow:auto;max-height:30rem;line-height:1.55;tab-size:2}
.code pre:focus-visible{outline-offset:-3px}
@media (pointer:coarse){.top a,.side li a,details>summary,.code button,.find input{min-height:44px}
.top .machine,.side li a{display:flex;align-items:center}.code button{min-width:44px}}
.k{color:var(--key)}.s{color:var(--string)}.n{color:var(--number)}
.schema{display:grid;grid-template-columns:minmax(0,1fr);gap:8px;padding-top:16px;max-width:52rem}
.anchor{color:inherit;text-decoration:none}.anchor::after{content:" #";color:var(--muted);opacity:0}.anchor:hover::after,.anchor:focus-visible::after{opacity:1}
@media print{.side,.top,.code button{display:none}.code pre{max-height:none}}
`.trim();
