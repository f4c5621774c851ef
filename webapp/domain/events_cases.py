"""What happens on a case 卷宗办理: from the first signal to the last meeting, from 下 to 再上."""

from webapp.domain.event import Event

# Cases and processes


class SignalRecorded(Event, kind="signal_recorded", scope="person"):
    """登记了日常了解信息。"""


class AssessmentOpened(Event, kind="assessment_opened", scope="person"):
    """形成了研判事项。"""


class AssessmentConcluded(Event, kind="assessment_concluded", scope="person"):
    """分析研判形成意见。"""


class CaseOpened(Event, kind="case_opened"):
    """登记并建立工作卷宗。"""


class CaseStageChanged(Event, kind="case_stage_changed"):
    """工作卷宗进入新的阶段。"""


class CaseSuspended(Event, kind="case_suspended"):
    """中止办理。"""


class CaseResumed(Event, kind="case_resumed"):
    """恢复办理。"""


class CaseEnded(Event, kind="case_ended"):
    """因故终止办理。"""


class CaseClosed(Event, kind="case_closed"):
    """工作卷宗办结。"""


class ProcessStarted(Event, kind="process_started"):
    """启动了流程。"""


class ProcessCancelled(Event, kind="process_cancelled"):
    """撤销了流程。"""


class ProcessMigrated(Event, kind="process_migrated"):
    """流程实例迁移到新版本。"""


class MessageDelivered(Event, kind="message_delivered"):
    """流程收到了消息。"""


class SignalBroadcast(Event, kind="signal_broadcast"):
    """流程收到了信号。"""


class VariablesChanged(Event, kind="variables_changed"):
    """更正了流程变量。"""


class TaskClaimed(Event, kind="task_claimed"):
    """签收了待办。"""


class TaskReleased(Event, kind="task_released"):
    """退回科室待办。"""


class TaskTransferred(Event, kind="task_transferred"):
    """转办了待办。"""


class TaskCompleted(Event, kind="task_completed"):
    """办结了待办。"""


class TaskReturned(Event, kind="task_returned"):
    """退回修改。"""


class TaskRecalled(Event, kind="task_recalled"):
    """撤回了已办事项。"""


class TaskReminded(Event, kind="task_reminded"):
    """催办。"""


class TaskEscalated(Event, kind="task_escalated"):
    """待办逾期，已提请上一级督促。"""


class DraftSaved(Event, kind="draft_saved"):
    """保存了草稿。"""


class DraftDiscarded(Event, kind="draft_discarded"):
    """放弃了草稿。"""


class CommentAdded(Event, kind="comment_added"):
    """补充了办理说明。"""


class AttachmentAdded(Event, kind="attachment_added"):
    """上传了附件。"""


class AttachmentWithdrawn(Event, kind="attachment_withdrawn"):
    """撤下了附件。"""


class PaperRecorded(Event, kind="paper_recorded"):
    """线下办理，经办人代录。"""


class DocumentIssued(Event, kind="document_issued"):
    """印制了文书。"""


class CorrectionMade(Event, kind="correction_made"):
    """作了更正。"""


class RecusalDeclared(Event, kind="recusal_declared"):
    """声明回避。"""


class RecusalDetected(Event, kind="recusal_detected"):
    """核对发现应当回避。"""


class DeviationExplained(Event, kind="deviation_explained"):
    """对较轻处理或偏离建议说明了理由。"""


# Meetings


class MeetingPlanned(Event, kind="meeting_planned", scope="system"):
    """安排了会议。"""


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


class BallotCast(Event, kind="ballot_cast"):
    """会议成员参加了表决。"""


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


class MinutesApproved(Event, kind="minutes_approved", scope="system"):
    """会议纪要定稿。"""


# Down, tracking, visits


class MeasureRegistered(Event, kind="measure_registered"):
    """登记了处分、处理或调整措施。"""


class MeasureRevoked(Event, kind="measure_revoked"):
    """措施被撤销或变更。"""


class ExecutionRecorded(Event, kind="execution_recorded"):
    """登记了处分、处理决定的执行情况。"""


class ImpactPeriodsComputed(Event, kind="impact_periods_computed"):
    """核算了影响期。"""


class ImpactPeriodEnded(Event, kind="impact_period_ended"):
    """影响期满。"""


class RightsRestored(Event, kind="rights_restored"):
    """恢复了党员权利。"""


class TalkRecorded(Event, kind="talk_recorded"):
    """完成谈话并作了记录。"""


class SubjectNotified(Event, kind="subject_notified"):
    """书面告知干部本人决定、救济途径和期限。"""


class PlanOpened(Event, kind="plan_opened"):
    """建立跟踪管理方案。"""


class PlanMerged(Event, kind="plan_merged"):
    """新措施并入已有的跟踪管理方案。"""


class PlanChanged(Event, kind="plan_changed"):
    """调整了跟踪管理方案。"""


class PlanClosed(Event, kind="plan_closed"):
    """结束跟踪管理。"""


class MentorNamed(Event, kind="mentor_named"):
    """确定了帮带责任人（联系人）。"""


class NoteWritten(Event, kind="note_written"):
    """填写了帮带记实。"""


class MeasureOfHelpRecorded(Event, kind="measure_of_help_recorded"):
    """登记了培养帮扶措施。"""


class VisitsPlanned(Event, kind="visits_planned"):
    """排定了回访计划。"""


class VisitHeld(Event, kind="visit_held"):
    """完成了回访。"""


class VisitOverdue(Event, kind="visit_overdue"):
    """回访逾期未办。"""


class ConclusionRecorded(Event, kind="conclusion_recorded"):
    """形成跟踪评估意见。"""


# Up


class EligibilityChecked(Event, kind="eligibility_checked"):
    """进行了任职限制核查。"""


class SuperiorReported(Event, kind="superior_reported"):
    """向上级组织部门事先报告。"""


class SuperiorAnswered(Event, kind="superior_answered"):
    """收到上级组织部门答复。"""


class OpinionAsked(Event, kind="opinion_asked"):
    """发出征求意见函。"""


class OpinionReceived(Event, kind="opinion_received"):
    """收到意见回复。"""


class ConsentDeemed(Event, kind="consent_deemed"):
    """一个月未答复，视为同意。"""


class FourMustsRecorded(Event, kind="four_musts_recorded"):
    """登记了“凡提四必”核查结果。"""


class PublicityOpened(Event, kind="publicity_opened"):
    """开始任前公示。"""


class ObjectionReceived(Event, kind="objection_received"):
    """收到公示期反映。"""


class ObjectionConcluded(Event, kind="objection_concluded"):
    """公示期反映核查完毕。"""


class PublicityClosed(Event, kind="publicity_closed"):
    """公示结束。"""


class Reinstated(Event, kind="reinstated"):
    """重新任用。"""


class ProbationStarted(Event, kind="probation_started"):
    """开始试用期。"""


class ProbationConcluded(Event, kind="probation_concluded"):
    """试用期满考核形成意见。"""


class AppealReceived(Event, kind="appeal_received"):
    """收到复核、申诉。"""


class AppealDecided(Event, kind="appeal_decided"):
    """复核、申诉作出决定。"""
