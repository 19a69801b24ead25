/// How a page looks: light or dark as the reader has it, in one column on a phone.
enum ReportStyleSheet {
  static let text = """

    :root{color-scheme:light dark;--paper:#fbfbfa;--box:#fff;--ink:#1c1c1a;--soft:#63635e;--line:#e3e3de;\
    --accent:#1f57c3;--bad:#b3261e}
    @media(prefers-color-scheme:dark){:root{--paper:#161615;--box:#1d1d1c;--ink:#ebebe8;--soft:#a5a59f;\
    --line:#343431;--accent:#8db2ff;--bad:#ff8f85}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif;\
    font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
    main{max-width:76rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
    h1{font-size:1.75rem;line-height:1.2;font-weight:650;letter-spacing:-.015em;margin:0 0 .4rem;\
    overflow-wrap:anywhere}
    h2{font-size:1.2rem;font-weight:650;margin:3rem 0 .25rem}
    h3{font-size:1rem;font-weight:650;margin:0;overflow-wrap:anywhere}
    a{color:var(--accent);text-decoration:none}
    a:hover{text-decoration:underline}
    .facts{display:block;margin:.1rem 0;color:var(--soft)}
    .facts span{display:inline-block;margin-right:1.1em;max-width:100%;overflow-wrap:anywhere}
    .facts b{font-weight:500;color:var(--ink)}
    .bad,.bad dd,.bad dt{color:var(--bad)}
    p.bad{margin:.1rem 0}
    .figures{display:flex;flex-wrap:wrap;gap:1px;margin:1.75rem 0;\
    background:var(--line);border:1px solid var(--line);border-radius:10px;overflow:hidden}
    .figures div{flex:1 1 8.5rem;background:var(--box);padding:.8rem 1rem}
    dt{color:var(--soft);font-size:.8125rem}
    dd{margin:0;font-size:1.4rem;line-height:1.3;font-weight:600;letter-spacing:-.01em}
    dd small{font-size:.8125rem;font-weight:400;letter-spacing:0;color:var(--soft)}
    .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));gap:1rem;\
    margin:1.75rem 0}
    .charts figure{max-width:38rem;background:var(--box);border:1px solid var(--line);border-radius:10px;\
    padding:.9rem 1rem .6rem}
    .charts figcaption{font-weight:600;font-size:.875rem;color:var(--ink);margin:0 0 .5rem}
    svg{display:block;width:100%;height:auto}
    svg text{fill:var(--soft);font-size:11px}
    .grid{stroke:var(--line);fill:none}
    .curve{stroke:var(--accent);fill:none;stroke-width:1.75;stroke-linejoin:round}
    circle{fill:var(--accent);fill-opacity:.75}
    .scroll{overflow:auto;max-height:32rem;background:var(--box);\
    border:1px solid var(--line);border-radius:10px}
    table{border-collapse:separate;border-spacing:0;width:100%}
    thead th{position:sticky;top:0;background:var(--box);border-bottom:1px solid var(--line);padding:0;\
    font-weight:500;z-index:1}
    thead button{all:unset;box-sizing:border-box;cursor:pointer;width:100%;padding:.6rem .9rem;\
    white-space:nowrap;color:var(--soft);font-size:.8125rem;text-align:right}
    thead th:first-child button{text-align:left}
    thead button:hover,th[aria-sort] button{color:var(--ink)}
    thead button::after{content:'';display:inline-block;width:1em;text-align:right}
    th[aria-sort=ascending] button::after{content:'\\2191'}
    th[aria-sort=descending] button::after{content:'\\2193'}
    tbody th,td{padding:.4rem .9rem;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}
    tbody tr:last-child>*{border-bottom:0}
    td{padding-right:calc(.9rem + .8125em);white-space:nowrap}
    tbody th{text-align:left;font-weight:400;min-width:11rem;max-width:32rem;overflow-wrap:anywhere}
    tbody th small{display:block;font-size:.8125rem}
    tbody tr:hover>*{background:color-mix(in srgb,var(--accent) 6%,transparent)}
    .sheet figure{margin:.75rem 0 0}
    .sheet img{display:block;max-width:100%;height:auto;border-radius:4px}
    .sheet figcaption{color:var(--soft);font-size:.8125rem;margin-top:.35rem}
    .entry{padding:1.5rem 0 1.75rem;border-bottom:1px solid var(--line);scroll-margin-top:1rem}
    .entry:last-child{border-bottom:0}
    .entry:target h3{color:var(--accent)}
    figure{margin:0;min-width:0}
    .views{display:flex;flex-wrap:wrap;gap:1rem;margin-top:.9rem;align-items:flex-start;\
    --side:min(100%,calc(80vh*var(--w)/var(--h)))}
    .views.small{--side:min(100%,calc(80vh*var(--w)/var(--h)),calc(8px*var(--w)))}
    .pair{display:flex;flex:2 1 32rem;gap:1rem;min-width:0}
    .pair figure{flex:1}
    .map,.only{flex:1 1 16rem}
    .views img{display:block;width:100%;max-width:var(--side);height:auto;border-radius:4px}
    .small img{image-rendering:pixelated}
    .views figcaption{color:var(--soft);font-size:.8125rem;margin-top:.35rem}
    .bar{display:block;height:.5rem;width:75%;border-radius:2px;background:\(ReportScale.gradient)}
    .ticks{display:grid;grid-template-columns:repeat(4,18.75%) auto;line-height:1.4;color:var(--ink)}
    input{display:none}
    .js .pair{display:grid;position:relative;flex:1 1 20rem;overflow:hidden;--v:.5;border-radius:4px}
    .js .pair,.js .map{max-width:var(--side)}
    .js .map{flex:1 1 20rem}
    .js .pair figure{grid-area:1/1;position:relative}
    .js .after{clip-path:inset(0 0 0 calc(var(--v)*100%))}
    .js .pair figcaption{position:absolute;top:.6rem;margin:0;padding:.1rem .5rem;border-radius:4px;\
    background:#000a;color:#fff}
    .js .before figcaption{left:.6rem}
    .js .after figcaption{right:.6rem}
    .js .pair input{all:unset;display:block;position:absolute;inset:0 -22px;width:calc(100% + 44px);\
    cursor:ew-resize;touch-action:pan-y;-webkit-appearance:none;appearance:none;background:none}
    .js .pair input::-webkit-slider-thumb{-webkit-appearance:none;width:44px;height:100rem;opacity:0}
    .js .pair input::-moz-range-thumb{width:44px;height:100rem;opacity:0}
    .js .pair::before{content:''}
    .js .pair::after,.js .pair::before{position:absolute;pointer-events:none;z-index:1;\
    left:calc(var(--v)*100%)}
    .js .pair::before{top:0;bottom:0;width:2px;margin-left:-1px;background:#fff;box-shadow:0 0 3px #0009}
    .js .pair::after{content:'\\2039\\2009\\203A';top:50%;width:30px;height:30px;margin:-15px;\
    border-radius:50%;background:#fff;color:#444;font-size:20px;line-height:25px;text-align:center;\
    box-shadow:0 1px 4px #0008}
    .js .pair:focus-within::after{box-shadow:0 0 0 3px var(--accent)}
    :focus-visible{outline:2px solid var(--accent);outline-offset:-2px}
    @media(max-width:40rem){main{padding:1.5rem 1rem 3rem}.pair{flex-basis:100%}\
    tbody th{min-width:9rem}svg text{font-size:13px}}
    @media print{input{display:none!important}}

    """
}
