// Match comment: a note that always matches. Linux counterpart: net/netfilter/xt_comment.c.
import type { MatchKind } from './xt_list';

export interface CommentMatch {
  kind: 'comment';
  text: string;
}

export const comment: MatchKind<CommentMatch> = { match: () => true };
