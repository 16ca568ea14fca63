# The alarms and dashboards of ../../dashboards. `npm run fix` writes the templates that are read here from them.

locals {
  names = {
    function_name = var.function_name
    namespace     = coalesce(var.metrics_namespace, "PingOneAuthorizer")
  }

  # Without metrics every alarm would stay silent.
  emits_metrics = var.metrics != "none"

  alarms = {
    for alarm in jsondecode(templatefile("${path.module}/dashboards/alarms.json.tftpl", merge(local.names, var.alarm_thresholds))) :
    alarm.AlarmName => alarm
  }
}

resource "aws_cloudwatch_metric_alarm" "authorizer" {
  for_each = var.create_alarms && local.emits_metrics ? toset(keys(local.alarms)) : toset([])

  alarm_name          = each.key
  alarm_description   = local.alarms[each.key].AlarmDescription
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
  comparison_operator = local.alarms[each.key].ComparisonOperator
  threshold           = local.alarms[each.key].Threshold
  evaluation_periods  = local.alarms[each.key].EvaluationPeriods
  datapoints_to_alarm = local.alarms[each.key].DatapointsToAlarm
  treat_missing_data  = local.alarms[each.key].TreatMissingData
  tags                = var.tags

  # Either one metric, or an expression over several.
  namespace   = try(local.alarms[each.key].Namespace, null)
  metric_name = try(local.alarms[each.key].MetricName, null)
  statistic   = try(local.alarms[each.key].Statistic, null)
  period      = try(local.alarms[each.key].Period, null)
  dimensions  = try({ for dimension in local.alarms[each.key].Dimensions : dimension.Name => dimension.Value }, null)

  dynamic "metric_query" {
    for_each = try(local.alarms[each.key].Metrics, [])

    content {
      id          = metric_query.value.Id
      label       = try(metric_query.value.Label, null)
      expression  = try(metric_query.value.Expression, null)
      return_data = try(metric_query.value.ReturnData, true)

      dynamic "metric" {
        for_each = try([metric_query.value.MetricStat], [])

        content {
          namespace   = metric.value.Metric.Namespace
          metric_name = metric.value.Metric.MetricName
          dimensions  = { for dimension in metric.value.Metric.Dimensions : dimension.Name => dimension.Value }
          period      = metric.value.Period
          stat        = metric.value.Stat
        }
      }
    }
  }
}

resource "aws_cloudwatch_dashboard" "authorizer" {
  for_each = var.create_dashboards && local.emits_metrics ? toset(["overview", "outage"]) : toset([])

  dashboard_name = "${var.function_name}-${each.key}"
  dashboard_body = templatefile("${path.module}/dashboards/${each.key}.json.tftpl", merge(local.names, { region = data.aws_region.current.region }))
}
