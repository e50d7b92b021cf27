import { test } from 'vitest';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseShell } from '/work/main/src/shell/parse';
test('corpus', () => {
  const dir='/work/shared/oracle/transcripts'; let n=0; const out=[];
  for (const f of readdirSync(dir,{recursive:true}) as string[]) { if(!f.endsWith('.json')) continue;
    for (const s of JSON.parse(readFileSync(dir+'/'+f,'utf8')).steps) if (s.run) { n++; 
      try { const p = parseShell(Buffer.from(s.run).toString('latin1')); 
      const want = /^bash: (-c|eval): line/.test(s.stderr) ? s.stderr : '';
      if (p.error) { const t=p.error.texts.map((x:string)=>`bash: -c: line ${p.error!.line}: ${x}\n`).join(''); if (t!==want) out.push(f+': '+JSON.stringify(s.run)+'\n   '+t+'   want '+want); }
      else if (want && !/eval/.test(s.run)&&!/bash/.test(s.run)) out.push(f+': ACCEPTED '+JSON.stringify(s.run)+' want '+want);
      } catch(e) { out.push(f+': THROW '+JSON.stringify(s.run)+(e as Error).stack); }
    } }
  writeFileSync('/tmp/corpus.out', n+' lines\n'+out.join('\n'));
});
