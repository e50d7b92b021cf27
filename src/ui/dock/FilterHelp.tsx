// What the packet filter understands: a menu of examples, each with what it lets through; choosing one puts it into the filter.
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useLab } from '../store';
import { Popup } from '../time/Popup';
import css from './dock.module.css';

const EXAMPLES = [['port', 'tcp.port == 80'], ['addr', 'ip.addr == 192.168.4.52'], ['host', 'host web52'], ['proto', 'arp || icmp'], ['flags', 'tcp.flags.syn == 1'], ['mode', 'mode == dnat'], ['drop', 'drop'], ['not', '!(tcp.port == 22)'], ['tcpStream', 'tcp.stream == 0'], ['stream', 'stream == 0']] as const;

export function FilterHelp(): JSX.Element {
  const { t } = useTranslation();
  return (
    <Popup className={`ib sm ${css['ask']}`} label={t('filter.help')} title={t('filter.help')} face="?" width={430}>
      {(close) => EXAMPLES.map(([key, text]) => <button key={key} type="button" role="menuitem" className={css['example']} onClick={() => { useLab.setState({ filter: text }); close(); }}><b>{text}</b><span>{t(`filter.ex.${key}`)}</span></button>)}
    </Popup>
  );
}
