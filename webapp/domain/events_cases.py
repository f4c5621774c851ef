"""What happens on a case 卷宗办理: from the first signal to the last meeting, from 下 to 再上."""

from webapp.domain.event import Event

# Cases and processes


class CaseOpened(Event, kind="case_opened"):
    """登记并建立工作卷宗。"""


class CaseSuspended(Event, kind="case_suspended"):
    """中止办理。"""


class CaseResumed(Event, kind="case_resumed"):
    """恢复办理。"""


class CaseEnded(Event, kind="case_ended"):
    """因故终止办理。"""


class ProcessStarted(Event, kind="process_started"):
    """启动了流程。"""


class ProcessCancelled(Event, kind="process_cancelled"):
    """撤销了流程。"""


class CorrectionProposed(Event, kind="correction_proposed"):
    """提出纠正流程，待第二人复核。"""


class CorrectionRefused(Event, kind="correction_refused"):
    """纠正流程未予同意。"""


class ProcessCorrected(Event, kind="process_corrected"):
    """经第二人复核，纠正了流程。"""


class ConditionsEvaluated(Event, kind="conditions_evaluated"):
    """重新判断了流程的启动条件。"""


class ProcessReleased(Event, kind="process_released"):
    """重新判断了流程中的等待条件。"""


class ProcessMoved(Event, kind="process_moved"):
    """在办流程换用了新版本。"""


class ErrorThrown(Event, kind="error_thrown"):
    """按流程图从待办转入了例外办理。"""


class TaskEscalated(Event, kind="task_escalated"):
    """按流程图将待办提级处理。"""


class MessageExpired(Event, kind="message_expired"):
    """流程消息过了有效期无人接收，不再投递。"""


class MessageDelivered(Event, kind="message_delivered"):
    """流程收到了消息。"""


class ExternalTaskCompleted(Event, kind="external_task_completed"):
    """外部程序办结了外部任务。"""


class ExternalTaskFailed(Event, kind="external_task_failed"):
    """外部程序未能办理外部任务。"""


class ExternalTaskErrored(Event, kind="external_task_errored"):
    """外部程序报告了流程图中的错误。"""


class ExternalTaskReleased(Event, kind="external_task_released"):
    """放开了外部任务，可以重新领取。"""


class TaskClaimed(Event, kind="task_claimed"):
    """签收了待办。"""


class TaskReleased(Event, kind="task_released"):
    """退回科室待办。"""


class TaskTransferred(Event, kind="task_transferred"):
    """转办了待办。"""


class TaskReturned(Event, kind="task_returned"):
    """退回修改。"""


class TaskCompleted(Event, kind="task_completed"):
    """办结了待办。"""


class DraftSaved(Event, kind="draft_saved"):
    """保存了草稿。"""


class CommentAdded(Event, kind="comment_added"):
    """补充了办理说明。"""


class AttachmentAdded(Event, kind="attachment_added"):
    """上传了附件。"""


class PaperRecorded(Event, kind="paper_recorded"):
    """线下办理，经办人代录。"""


class RecusalDeclared(Event, kind="recusal_declared"):
    """声明回避。"""


# Meetings


class RecusalWithdrawn(Event, kind="recusal_withdrawn", scope="case"):
    """撤销了回避登记。"""


class MeetingPlanned(Event, kind="meeting_planned", scope="system"):
    """安排了会议。"""


class MeetingCancelled(Event, kind="meeting_cancelled", scope="system"):
    """取消了会议，议题回到等待上会。"""


class MeetingMoved(Event, kind="meeting_moved", scope="system"):
    """会议改期。"""


class ItemPlaced(Event, kind="item_placed"):
    """议题列入会议议程。"""


class ItemWithdrawn(Event, kind="item_withdrawn"):
    """议题撤出会议议程。"""


class MeetingOpened(Event, kind="meeting_opened", scope="system"):
    """会议开始。"""


class AttendanceRecorded(Event, kind="attendance_recorded", scope="system"):
    """登记了到会情况。"""


class VotingOpened(Event, kind="voting_opened"):
    """议题开始表决。"""


class BallotManner(Event, kind="ballot_manner"):
    """确定了议题的表决方式。"""


class BallotCast(Event, kind="ballot_cast"):
    """会议成员参加了表决。"""


class SilenceNoted(Event, kind="silence_noted"):
    """会议记录人注明成员未表决。"""


class VotesRecorded(Event, kind="votes_recorded"):
    """会议记录人录入了表决结果。"""


class ItemDecided(Event, kind="item_decided"):
    """议题形成结果。"""


class ItemDeferred(Event, kind="item_deferred"):
    """议题暂缓表决。"""


class ItemReconsidered(Event, kind="item_reconsidered"):
    """经应到会成员半数以上同意，议题复议。"""


class MeetingClosed(Event, kind="meeting_closed", scope="system"):
    """会议结束。"""


# Down, tracking, visits


class MeasureChangeProposed(Event, kind="measure_change_proposed"):
    """提出更正或变更措施，待第二人复核。"""


class MeasureChangeRejected(Event, kind="measure_change_rejected"):
    """措施的更正或变更未予同意。"""


class MeasureCorrected(Event, kind="measure_corrected"):
    """更正了措施登记。"""


class MeasureRevoked(Event, kind="measure_revoked"):
    """撤销了措施。"""


class MeasureReviewed(Event, kind="measure_reviewed"):
    """经复查变更了措施。"""


class ProbationExtended(Event, kind="probation_extended"):
    """延长了留党察看期限。"""


class SuspensionEnded(Event, kind="suspension_ended"):
    """结束了停职检查。"""


class RightsRestored(Event, kind="rights_restored"):
    """恢复了党员权利。"""


class SubjectNotified(Event, kind="subject_notified"):
    """书面告知干部本人决定、救济途径和期限。"""


# Up


class ObjectionReceived(Event, kind="objection_received"):
    """收到公示期反映。"""


class ObjectionConcluded(Event, kind="objection_concluded"):
    """公示期反映核查完毕。"""


class AppealReceived(Event, kind="appeal_received"):
    """收到复核、申诉。"""
