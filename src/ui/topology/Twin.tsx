// The topology in words, for screen readers and for whoever reads faster than looks: hosts, links, packets on their way.
import { type JSX, memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FrameView } from '../engine';
import { useView } from '../session';
import { sentence } from './Cables';
import { receivers, type TopoModel } from './model';

export const Twin = memo(function Twin({ model, current }: { model: TopoModel; current: FrameView | null }): JSX.Element {
  const { t } = useTranslation();
  return (
    <div className="vh">
      <h3>{t('topo.twinTitle')}</h3>
      <Standing model={model} />
      <Flying model={model} current={current} />
    </div>
  );
});

/** Hosts and links. */
const Standing = memo(function Standing({ model }: { model: TopoModel }): JSX.Element {
  const { t } = useTranslation();
  return (
    <>
      <h4>{t('topo.twinHosts')}</h4>
      <ul>{model.nodes.map((n) => <li key={n.name}>{t('topo.twinHost', { host: n.name, role: t(`role.${(n.role || 'client') as 'client'}`), addresses: n.addresses.map((a) => `${a.ip} (${a.dev})`).join(', '), vip: n.vips.map((v) => t(v.answers ? 'topo.twinVipYes' : 'topo.twinVipNo', { vip: v.ip })).join('') + n.services.map((x) => t(x.up ? 'topo.twinServiceUp' : 'topo.twinServiceDown', { name: x.name })).join('') })}</li>)}</ul>
      <h4>{t('topo.twinLinks')}</h4>
      <ul>{model.nodes.flatMap((n) => n.links.map((l) => <li key={`${n.name}/${l.dev}`}>{sentence(n.name, l, model.segments.find((s) => s.name === l.segment)?.subnet ?? l.segment, { packets: 0, bytes: 0 })}</li>))}</ul>
    </>
  );
});

function Flying({ model, current }: { model: TopoModel; current: FrameView | null }): JSX.Element {
  const { t } = useTranslation();
  // Other packets under way, at most a dozen in words.
  const all = useView((_lab, s) => s.inFlight().map((f) => f.frame), [], true).filter((f) => f.id !== current?.id);
  const flying = all.slice(0, 12);
  return (
    <>
      <h4>{t('topo.twinPackets')}</h4>
      <ul>{current === null ? <li>{t('topo.none')}</li> : [current, ...flying].map((f) => <li key={f.id}>{t('topo.twinPacket', { proto: f.proto, from: f.from, to: receivers(f, model).join(', '), info: f.info })}</li>)}</ul>
      {all.length > 12 && <p data-testid="flights">{t('topo.twinMany', { n: all.length })}</p>}
    </>
  );
}
