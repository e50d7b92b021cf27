// What a host says in text: its firewall's rules and its logs. Read by the host's own commands on a copy of the lab, so the learner's clock stands still.
import { type JSX, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { utf8Decode } from '../../lab/text';
import { useView } from '../session';
import { useLab } from '../store';
import { Empty, Table } from './fresh';
import css from './inspector.module.css';

const TABLES = ['filter', 'nat', 'mangle'] as const;

/** Seconds of virtual time, so that a copy of the lab is asked once a second at most. */
const useSecond = (): number => useLab((s) => Math.floor(s.now / 1_000_000));

export function Firewall({ host, running }: { host: string; running: boolean }): JSX.Element {
  const { t } = useTranslation();
  const [table, setTable] = useState<(typeof TABLES)[number]>('filter');
  const commands = useView((lab) => lab.commands().length, [], true);
  const second = useSecond();
  const command = `iptables -t ${table} -L -n -v --line-numbers`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when a command was entered or its counters may have grown
  const text = useView((lab) => (running ? utf8Decode(lab.fork().exec(host, command).stdout) : ''), [host, table, commands, Math.floor(second / 3)], true);
  return (
    <Table command={command} host={host}>
      <div className={css['pick']} role="group" aria-label={t('inspect.table')}>{TABLES.map((k) => <button key={k} type="button" aria-pressed={k === table} className={k === table ? css['chosen'] : ''} onClick={() => setTable(k)}>{k}</button>)}</div>
      {text === '' ? <Empty>{t('inspect.noFirewall')}</Empty> : <pre className={css['log']}>{text}</pre>}
    </Table>
  );
}

const LOGS = ['/var/log/messages', '/var/log/syslog', '/var/log/httpd/access_log', '/var/log/httpd/error_log', '/var/log/nginx/access.log', '/var/log/nginx/error.log', '/var/log/keepalived.log'];
const TAIL = 200;

export function Logs({ host }: { host: string }): JSX.Element {
  const { t } = useTranslation();
  const there = useView((lab) => LOGS.filter((p) => lab.readFile(host, p) !== null), [host], true);
  const [chosen, setChosen] = useState('');
  const path = there.includes(chosen) ? chosen : there[0];
  const bytes = useView((lab) => (path === undefined ? '' : (lab.readFile(host, path) ?? '')), [host, path], true);
  const lines = useMemo(() => utf8Decode(bytes).split('\n').filter((l) => l !== '').slice(-TAIL).reverse(), [bytes]);
  if (path === undefined) return <Empty>{t('inspect.noLogs')}</Empty>;
  return (
    <Table command={`tail ${path}`} host={host}>
      <div className={css['pick']} role="group" aria-label={t('inspect.logs')}>{there.map((p) => <button key={p} type="button" aria-pressed={p === path} className={p === path ? css['chosen'] : ''} onClick={() => setChosen(p)}>{p.replace('/var/log/', '')}</button>)}</div>
      {lines.length === 0 ? <Empty>{t('inspect.emptyLog')}</Empty> : <pre className={css['log']} aria-label={t('inspect.newestFirst')}>{lines.join('\n')}</pre>}
    </Table>
  );
}
