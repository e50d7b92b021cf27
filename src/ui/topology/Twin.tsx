// The topology in words, for screen readers and for whoever reads faster than looks: hosts, links, packets on their way.
import { type JSX, memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FrameView } from '../engine';
import { receivers, type TopoModel } from './model';

export const Twin = memo(function Twin({ model, current }: { model: TopoModel; current: FrameView | null }): JSX.Element {
  const { t } = useTranslation();
  return (
    <div className="vh">
      <h3>{t('topo.twinTitle')}</h3>
      <h4>{t('topo.twinHosts')}</h4>
      <ul>{model.nodes.map((n) => <li key={n.name}>{t('topo.twinHost', { host: n.name, role: t(`role.${(n.role || 'client') as 'client'}`), addresses: n.addresses.map((a) => `${a.ip} (${a.dev})`).join(', '), vip: n.vips.map((v) => t(v.answers ? 'topo.twinVipYes' : 'topo.twinVipNo', { vip: v.ip })).join('') })}</li>)}</ul>
      <h4>{t('topo.twinLinks')}</h4>
      <ul>{model.nodes.flatMap((n) => n.links.map((l) => <li key={`${n.name}/${l.dev}`}>{t('topo.twinLink', { host: n.name, dev: l.dev, segment: model.segments.find((s) => s.name === l.segment)?.subnet ?? l.segment, state: t(l.up && l.carrier ? 'topo.up' : 'topo.linkDown') })}</li>))}</ul>
      <h4>{t('topo.twinPackets')}</h4>
      <p>{current === null ? t('topo.none') : t('topo.twinPacket', { proto: current.proto, from: current.from, to: receivers(current, model).join(', '), info: current.info })}</p>
    </div>
  );
});
