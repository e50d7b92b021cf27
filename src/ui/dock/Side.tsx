// What stands beside the packet list: what the kernels did, the packet's bytes, or why it went as it did; widened, it takes the list's place.
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { followFlow } from '../actions';
import { Icon } from '../parts/icons';
import { download } from '../persist';
import { session } from '../session';
import { type DockTab, useLab } from '../store';
import { Details } from './Details';
import { FlowTrace } from './FlowTrace';
import { parseFilter } from './filter';
import { KernelTrace } from './KernelTrace';
import css from './flow.module.css';

const TABS: readonly DockTab[] = ['kernel', 'bytes', 'why'];
const PANES: Record<DockTab, () => JSX.Element> = { kernel: KernelTrace, bytes: Details, why: FlowTrace };

export function Side({ wide }: { wide: boolean }): JSX.Element {
  const { t } = useTranslation();
  const tab = useLab((s) => s.dockTab);
  const Pane = PANES[tab];
  return (
    <div className={css['side']} data-pane="kernel">
      <div className={css['sideHead']}>
        <div className="tabs" role="tablist" aria-label={t('side.title')}>{TABS.map((k) => <button key={k} type="button" role="tab" aria-selected={tab === k} className={`tab ${tab === k ? 'on' : ''}`} onClick={() => useLab.setState({ dockTab: k })}>{t(`side.${k}`)}</button>)}</div>
        <span className="sp" />
        <button type="button" className={`ib sm ${wide ? 'on' : ''}`} aria-pressed={wide} aria-label={t('side.wide')} title={t('side.wide')} onClick={() => useLab.setState({ dockWide: !wide })}><Icon name="expand" small /></button>
      </div>
      <div className={css['sideBody']}><Pane /></div>
    </div>
  );
}

/** Follow the conversation of the selected packet; save what the filter lets through as a capture file. */
export function PacketTools(): JSX.Element {
  const { t } = useTranslation();
  const some = useLab((s) => s.frameCount > 0 || s.shown !== 'mine');
  return (
    <span className="row" style={{ gap: 0, flex: 'none' }}>
      <button type="button" className="ib sm" disabled={!some} aria-label={t('dock.follow')} title={t('dock.follow')} onClick={followFlow}><Icon name="wave" small /></button>
      <button type="button" className="ib sm" disabled={!some} aria-label={t('dock.export')} title={t('dock.export')} onClick={exportPcap}><Icon name="down2" small /></button>
    </span>
  );
}

function exportPcap(): void {
  const lab = session().view();
  const { filter, lessonId } = useLab.getState();
  const passes = parseFilter(filter);
  const frames = lab.trace().frames(1).filter((f) => 'error' in passes || passes.test(f));
  download(`${lessonId || 'lab'}.pcap`, lab.pcap(frames.map((f) => f.id)));
}
