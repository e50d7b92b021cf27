import { test } from 'vitest';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rig } from '/work/main/src/shell/rig/rig';
test('replay', () => {
  const dir='/work/shared/oracle/'; let n=0, ok=0; const out=[]; const missing=new Map();
  for (const f of readdirSync(dir+'transcripts/shell') as string[]) { if(!f.endsWith('.json')) continue;
    if (process.env.ONLY && !f.includes(process.env.ONLY)) continue;
    const sc = JSON.parse(readFileSync(dir+'scenarios/shell/'+f,'utf8'));
    const tr = JSON.parse(readFileSync(dir+'transcripts/shell/'+f,'utf8'));
    const r = rig();
    for (const h of sc.hosts) { r.host.kernel.hostname = h.name; for (const [path, c] of Object.entries(h.files ?? {})) { const t = typeof c==='string'?c:(c as any).content; const m = typeof c==='string'?0o644:parseInt((c as any).mode ?? '644',8);
      try { const p = r.host.fork(null); const parts=path.split('/'); for(let i=2;i<parts.length;i++){try{r.host.vfs.mkdir(p,parts.slice(0,i).join('/'),0o755)}catch{}} const fl=r.host.vfs.open(p,path,{write:true,create:true,truncate:true},m); if(fl.kind==='inode') r.host.vfs.writeOpen(p,fl,t); r.host.vfs.chmod(p,path,m); r.host.procs.delete(p.pid);} catch(e) {out.push('SETUP '+path+e)} } }
    for (const s of tr.steps) { if (s.sleep) { r.world.advance(r.world.clock.now + s.sleep*1e6); continue; } if (!s.run) continue; if (s.volatile) { try{r.exec(s.run)}catch{}; continue;} n++;
      const run = Buffer.from(s.run).toString('latin1');
      let g; try { g = r.exec(run); } catch(e) { g={stdout:'',stderr:'THROW '+(e as Error).stack?.split('\n').slice(0,8).join('\n'),status:-1}; }
      const dec=(x:string)=>Buffer.from(x,'latin1').toString();
      g.stdout=dec(g.stdout); g.stderr=dec(g.stderr);
      if (g.stdout===s.stdout && g.stderr===s.stderr && g.status===s.exitCode) ok++;
      else { const nf=/(\S+): command not found/.exec(g.stderr); if(nf && !s.stderr.includes(nf[0])) missing.set(nf[1],(missing.get(nf[1])??0)+1); else out.push(`### ${f}\n$ ${s.run}\n--- want ${s.exitCode}\n${s.stdout.slice(0,600)}${s.stderr.slice(0,600)}\n--- got ${g.status}\n${g.stdout.slice(0,600)}${g.stderr.slice(0,900)}`); }
    } }
  writeFileSync('/tmp/replay.out', `${ok}/${n}\nmissing ${JSON.stringify([...missing].sort((a,b)=>b[1]-a[1]))}\n`+out.join('\n'));
}, 600000);
